// htmx: the token on every request, one banner when the server or the line fails. Its settings stand in <meta name="htmx-config">.
import htmx from "htmx.org/dist/htmx.esm.js";
import { banner, csrfToken, say } from "./page.js";

window.htmx = htmx;
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});
document.addEventListener("htmx:sendError", () => banner(say("offline")));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401) window.location.reload();
  else if (!xhr.getResponseHeader("HX-Retarget")) banner(say("failed"));
});
