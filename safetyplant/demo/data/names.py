"""Names of people who do not exist: surnames and given names in both scripts, combined by a seed."""

from safetyplant.demo.language import Words

SURNAMES: tuple[Words, ...] = (
    ("Zhang", "张"), ("Li", "李"), ("Wang", "王"), ("Zhao", "赵"), ("Zhou", "周"), ("Wu", "吴"), ("Xu", "徐"), ("Sun", "孙"),
    ("Ma", "马"), ("Zhu", "朱"), ("Hu", "胡"), ("Guo", "郭"), ("Lin", "林"), ("Gao", "高"), ("Liang", "梁"), ("Song", "宋"),
    ("Tang", "唐"), ("Feng", "冯"), ("Yu", "于"), ("Dong", "董"), ("Xiao", "萧"), ("Cheng", "程"), ("Cao", "曹"), ("Yuan", "袁"),
    ("Deng", "邓"), ("Fu", "傅"), ("Shen", "沈"), ("Zeng", "曾"), ("Peng", "彭"), ("Lü", "吕"), ("Su", "苏"), ("Jiang", "蒋"),
    ("Cai", "蔡"), ("Jia", "贾"), ("Ding", "丁"), ("Wei", "魏"), ("Xue", "薛"), ("Ye", "叶"), ("Yan", "阎"), ("Pan", "潘"),
    ("Du", "杜"), ("Dai", "戴"), ("Xia", "夏"), ("Zhong", "钟"), ("Tian", "田"), ("Ren", "任"), ("Fan", "范"), ("Shi", "石"),
)  # fmt: skip

GIVEN: tuple[Words, ...] = (
    ("Wei", "伟"), ("Fang", "芳"), ("Min", "敏"), ("Jing", "静"), ("Lei", "磊"), ("Qiang", "强"), ("Yang", "洋"), ("Yong", "勇"),
    ("Jie", "杰"), ("Juan", "娟"), ("Tao", "涛"), ("Chao", "超"), ("Ming", "明"), ("Xia", "霞"), ("Ping", "平"), ("Gang", "刚"),
    ("Guiying", "桂英"), ("Jianguo", "建国"), ("Jianhua", "建华"), ("Zhiqiang", "志强"), ("Xiuying", "秀英"), ("Haiyan", "海燕"),
    ("Lihua", "丽华"), ("Guoqiang", "国强"), ("Wenbin", "文斌"), ("Xiaofeng", "晓峰"), ("Xueqin", "雪琴"), ("Yulan", "玉兰"),
    ("Shaohua", "少华"), ("Dawei", "大伟"), ("Zhenyu", "振宇"), ("Hongmei", "红梅"), ("Jinsong", "劲松"), ("Chunhua", "春华"),
    ("Baoguo", "保国"), ("Zhongyi", "忠义"), ("Liqun", "立群"), ("Shuang", "爽"), ("Haitao", "海涛"), ("Xiaoli", "晓丽"),
    ("Yunlong", "云龙"), ("Guangming", "光明"), ("Jiahui", "佳慧"), ("Tingting", "婷婷"), ("Zihao", "子豪"), ("Yuxin", "雨欣"),
    ("Haoran", "浩然"), ("Mengjie", "梦洁"), ("Shuai", "帅"), ("Bin", "斌"), ("Lili", "丽丽"), ("Yaqin", "亚琴"),
    ("Changshun", "长顺"), ("Deming", "德明"), ("Fusheng", "福生"), ("Guilan", "桂兰"), ("Hengxin", "恒信"), ("Jingyi", "静怡"),
    ("Kaiyuan", "开元"), ("Laifu", "来福"), ("Meiling", "美玲"), ("Ning", "宁"), ("Peiran", "沛然"), ("Qingshan", "青山"),
    ("Ruixue", "瑞雪"), ("Shiyu", "诗雨"), ("Tiejun", "铁军"), ("Wanli", "万里"), ("Xinyi", "欣怡"), ("Yanjun", "彦军"),
)  # fmt: skip
