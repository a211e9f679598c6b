"""The invented branch factory: its units, the people the story names, and who holds which role."""

from dataclasses import dataclass

from responsibilities.choices import RoleCode, UnitKind
from safetyplant.demo.language import Words


@dataclass(frozen=True)
class UnitPlan:
    """A unit, how many people it has beyond those named, and the posts they hold (the first takes most of them)."""

    code: str
    name: Words
    kind: str
    parent: str = ""
    size: int = 0
    posts: tuple[Words, ...] = ()
    office_posts: tuple[Words, ...] = ()


OPERATOR: Words = ("Oil production operator", "采油工")
ELECTRICIAN: Words = ("Electrician", "电工")
TECHNICIAN: Words = ("Technician", "技术员")
CLERK: Words = ("Records clerk", "资料员")
WELL_POSTS = (OPERATOR, ("Well patrol", "巡井工"), ELECTRICIAN, ("Metering operator", "量油工"))

UNITS: tuple[UnitPlan, ...] = (
    UnitPlan("BH", ("Beihe Branch", "北河采油分厂"), UnitKind.BRANCH, office_posts=(("Branch management", "厂领导"),)),
    UnitPlan("SO", ("Safety Office", "质量安全环保部"), UnitKind.TEAM, "BH", 4, (),
             (("Safety engineer", "安全工程师"), ("Field supervisor", "现场安全监督"), CLERK)),
    UnitPlan("S03", ("Station 3", "采油3队"), UnitKind.STATION, "BH", 13, WELL_POSTS, (TECHNICIAN, CLERK)),
    UnitPlan("S07", ("Station 7", "采油7队"), UnitKind.STATION, "BH", 11, WELL_POSTS, (TECHNICIAN, CLERK)),
    UnitPlan("MS7", ("Metering Station 7", "7号计量间"), UnitKind.TEAM, "S07", 6,
             (("Metering operator", "量油工"), ("Pump operator", "泵工"))),
    UnitPlan("S12", ("Station 12", "采油12队"), UnitKind.STATION, "BH", 15, WELL_POSTS, (TECHNICIAN, CLERK)),
    UnitPlan("PT12", ("Patrol Team 12", "采油12队巡井班"), UnitKind.TEAM, "S12", 6, (("Well patrol", "巡井工"), OPERATOR)),
    UnitPlan("S15", ("Station 15", "采油15队"), UnitKind.STATION, "BH", 14, WELL_POSTS, (TECHNICIAN, CLERK)),
    UnitPlan("CS2", ("Combined Station 2", "2号联合站"), UnitKind.STATION, "BH", 20,
             (("Dehydration operator", "脱水工"), ("Heater operator", "司炉工"), ("Oil loading operator", "装卸油工"),
              ("Central control operator", "中控岗"), ELECTRICIAN), (TECHNICIAN, CLERK)),
    UnitPlan("IS3", ("Injection Station 3", "3号注水站"), UnitKind.STATION, "BH", 12,
             (("Injection pump operator", "注水泵工"), ("Water treatment operator", "水处理工"), ELECTRICIAN), (TECHNICIAN,)),
    UnitPlan("TT", ("Transport Team", "运输队"), UnitKind.TEAM, "BH", 17,
             (("Tanker driver", "罐车驾驶员"), ("Truck driver", "货车驾驶员"), ("Crane operator", "吊车司机")),
             (("Dispatcher", "调度员"),)),
    UnitPlan("MW", ("Maintenance Workshop", "维修车间"), UnitKind.WORKSHOP, "BH", 17,
             (("Fitter", "钳工"), ("Welder", "电焊工"), ELECTRICIAN, ("Rigger", "起重工")), (TECHNICIAN,)),
    UnitPlan("MT", ("Metering and Test Team", "计量化验队"), UnitKind.TEAM, "BH", 10,
             (("Laboratory tester", "化验工"), ("Instrument fitter", "仪表工")), (TECHNICIAN,)),
    UnitPlan("HY", ("Huayuan Well Services", "华源井下作业公司"), UnitKind.CONTRACTOR, "S12", 12,
             (("Workover hand", "井下作业工"), ("Rig driver", "修井机司机"), ("Welder", "电焊工"))),
    UnitPlan("DX", ("Dingxin Anticorrosion", "鼎信防腐安装公司"), UnitKind.CONTRACTOR, "CS2", 8,
             (("Scaffolder", "架子工"), ("Painter", "防腐工"))),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Someone the story names. `key` is what the story calls them; a demo account logs in with it."""

    key: str
    name: Words
    unit: str
    post: Words
    is_account: bool = False
    is_middle: bool = False
    is_manager: bool = True


MANAGEMENT: Words = ("Branch management", "厂领导")
HEAD: Words = ("Unit head", "队长")
SITE_MANAGER: Words = ("Site manager", "项目负责人")

KNOWN: tuple[Known, ...] = (
    Known("director", ("Chen Guodong", "陈国栋"), "BH", MANAGEMENT, True, True),
    Known("leader", ("Liu Yanping", "刘艳萍"), "BH", MANAGEMENT, True, True),
    Known("officer", ("Sun Wei", "孙薇"), "SO", ("Safety officer", "安全主管"), True, True),
    Known("supervisor", ("Zhao Lei", "赵磊"), "SO", ("Field supervisor", "现场安全监督"), True),
    Known("head", ("Wang Jianjun", "王建军"), "S12", HEAD, True, True),
    Known("head2", ("He Qiang", "何强"), "CS2", ("Station head", "站长"), True, True),
    Known("worker", ("Li Na", "李娜"), "S12", OPERATOR, True, False, False),
    Known("worker2", ("Gao Fei", "高飞"), "CS2", ("Heater operator", "司炉工"), True, False, False),
    Known("secretary", ("Zheng Lihua", "郑丽华"), "BH", MANAGEMENT, is_middle=True),
    Known("production", ("Han Zhiqiang", "韩志强"), "BH", MANAGEMENT, is_middle=True),
    Known("equipment", ("Deng Ming", "邓明"), "BH", MANAGEMENT, is_middle=True),
    Known("security", ("Luo Jun", "罗军"), "BH", MANAGEMENT, is_middle=True),
    Known("supervisor2", ("Yao Jun", "姚军"), "SO", ("Field supervisor", "现场安全监督")),
    Known("supervisor3", ("Qin Lan", "秦岚"), "SO", ("Field supervisor", "现场安全监督")),
    Known("so", ("Dai Rong", "戴荣"), "SO", ("Head of office", "部长"), is_middle=True),
    Known("s03", ("Liang Hong", "梁红"), "S03", HEAD, is_middle=True),
    Known("s07", ("Xu Ming", "徐明"), "S07", HEAD, is_middle=True),
    Known("s15", ("Zhou Min", "周敏"), "S15", HEAD, is_middle=True),
    Known("s15deputy", ("Kong Xiang", "孔祥"), "S15", ("Deputy head", "副队长")),
    Known("is3", ("Peng Xiaohui", "彭晓辉"), "IS3", ("Station head", "站长"), is_middle=True),
    Known("tt", ("Tang Yong", "唐勇"), "TT", HEAD, is_middle=True),
    Known("mt", ("Cao Lin", "曹琳"), "MT", HEAD, is_middle=True),
    Known("pt12", ("Hou Bo", "侯波"), "PT12", ("Team leader", "班长")),
    Known("deputy12", ("Ma Chao", "马超"), "S12", ("Deputy head", "副队长")),
    Known("ms7", ("Fang Jie", "方杰"), "MS7", ("Team leader", "班长")),
    Known("hy", ("Tian Bo", "田波"), "HY", SITE_MANAGER),
    Known("dx", ("Meng Fei", "孟飞"), "DX", SITE_MANAGER),
)


@dataclass(frozen=True)
class Post:
    """An appointment; days count from today (negative: ago). `deputy_of` names the key and role stood in for."""

    who: str
    role: str
    unit: str
    since: int
    until: int | None = None
    field: str = ""
    deputy_of: tuple[str, str] | None = None


YEARS = 365
APPOINTMENTS: tuple[Post, ...] = (
    Post("director", RoleCode.DIRECTOR, "BH", -5 * YEARS),
    Post("leader", RoleCode.LEADER, "BH", -3 * YEARS),
    Post("officer", RoleCode.OFFICER, "BH", -4 * YEARS),
    Post("secretary", RoleCode.PARTY_SECRETARY, "BH", -2 * YEARS),
    Post("production", RoleCode.FIELD_LEADER, "BH", -2 * YEARS, field="production"),
    Post("equipment", RoleCode.FIELD_LEADER, "BH", -3 * YEARS, field="equipment"),
    Post("security", RoleCode.FIELD_LEADER, "BH", -1 * YEARS, field="security"),
    Post("supervisor", RoleCode.SUPERVISOR, "BH", -3 * YEARS),
    Post("supervisor2", RoleCode.SUPERVISOR, "BH", -2 * YEARS),
    Post("supervisor3", RoleCode.SUPERVISOR, "BH", -1 * YEARS),
    Post("so", RoleCode.UNIT_HEAD, "SO", -4 * YEARS),
    Post("s03", RoleCode.UNIT_HEAD, "S03", -2 * YEARS),
    Post("s07", RoleCode.UNIT_HEAD, "S07", -3 * YEARS),
    Post("head", RoleCode.UNIT_HEAD, "S12", -6 * YEARS),
    Post("pt12", RoleCode.UNIT_HEAD, "PT12", -1 * YEARS),
    Post("s15", RoleCode.UNIT_HEAD, "S15", -2 * YEARS),
    Post("head2", RoleCode.UNIT_HEAD, "CS2", -4 * YEARS),
    Post("is3", RoleCode.UNIT_HEAD, "IS3", -1 * YEARS),
    Post("tt", RoleCode.UNIT_HEAD, "TT", -7 * YEARS),
    # One person twice: the field leader for equipment also heads the workshop.
    Post("equipment", RoleCode.UNIT_HEAD, "MW", -1 * YEARS),
    Post("mt", RoleCode.UNIT_HEAD, "MT", -2 * YEARS),
    Post("hy", RoleCode.UNIT_HEAD, "HY", -1 * YEARS),
    Post("deputy12", RoleCode.CONTRACT_MANAGER, "HY", -1 * YEARS),
    # Gaps on purpose: this one ran out and nobody followed; the second contractor never had a head here.
    Post("ms7", RoleCode.UNIT_HEAD, "MS7", -2 * YEARS, -26),
    # Deputies: one in the past, one acting now.
    Post("deputy12", RoleCode.DEPUTY, "S12", -38, -34, deputy_of=("head", RoleCode.UNIT_HEAD)),
    Post("s15deputy", RoleCode.DEPUTY, "S15", -5, 6, deputy_of=("s15", RoleCode.UNIT_HEAD)),
    Post("production", RoleCode.LEADER_ON_DUTY, "BH", -14, -8),
    Post("security", RoleCode.LEADER_ON_DUTY, "BH", -7, -1),
    Post("secretary", RoleCode.LEADER_ON_DUTY, "BH", 0, 6),
)
