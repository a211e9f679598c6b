// <figure data-chart="id-of-json"> holds a table; the chart is drawn above it. The JSON is an ECharts option without colours:
// series say `tone` (brand, ink, late, ok, check, g3, g2, g1, m) and take the theme's tokens.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { first } from "./page.js";

echarts.use([BarChart, LineChart, PieChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

const TONES = { brand: "--sp-brand", ink: "--sp-ink-2", late: "--sp-late", ok: "--sp-ok", check: "--sp-check", g3: "--sp-g3", g2: "--sp-g2", g1: "--sp-g1", m: "--sp-m" };
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const axis = () => ({
  axisLine: { lineStyle: { color: token("--sp-line-strong") } },
  axisLabel: { color: token("--sp-ink-3") },
  splitLine: { lineStyle: { color: token("--sp-line") } },
});
const dress = (part) => (Array.isArray(part) ? part.map(dress) : { ...axis(), ...part });

function themed(option) {
  const series = (option.series ?? []).map(({ tone, ...rest }) => ({
    animation: false,
    ...(tone ? { itemStyle: { color: token(TONES[tone] ?? TONES.brand) } } : {}),
    ...rest,
  }));
  return {
    animation: false,
    textStyle: { fontFamily: token("--sp-font"), color: token("--sp-ink-2") },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    ...option,
    // HTML tooltips set style attributes, which the content security policy refuses.
    tooltip: { trigger: "axis", backgroundColor: token("--sp-raised"), borderColor: token("--sp-line"), textStyle: { color: token("--sp-ink") }, ...option.tooltip, renderMode: "richText" },
    legend: option.legend && { textStyle: { color: token("--sp-ink-2") }, ...option.legend },
    xAxis: option.xAxis && dress(option.xAxis),
    yAxis: option.yAxis && dress(option.yAxis),
    series,
  };
}

function draw(figure) {
  const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = document.createElement("div");
  place.className = "sp-chart-place";
  place.setAttribute("aria-hidden", "true");
  figure.prepend(place);
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const paint = () => chart.setOption(themed(option), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(place);
  document.addEventListener("sp:theme", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

export function start(root) {
  for (const figure of root.querySelectorAll("[data-chart]")) if (first(figure, "Chart")) draw(figure);
}
