#include "help.hpp"

#include <fmt/format.h>
#include <stsim/base/layout.hpp>

#include <array>
#include <string_view>

namespace stsim::lessons {

namespace {

struct Row {
  std::string_view usage;
  std::string_view help;
};

constexpr std::array kCommands{
    Row{"run [30s]", "让时间过去这么久；单独使用时，一直到不再有新的事情发生"},
    Row{"until OBJECT STATE",
        "让时间过去，直到某个状态出现：until web-2 ready（还有 created、running、terminating、gone "
        "等）、until sts web complete、until pvc data-web-0 bound；until 1m30s 是到某个时刻"},
    Row{"step [N]", "只让 N 个模拟事件发生，并把其中的一切都说出来"},
    Row{"back [N]", "撤销最近 N 条有作用的命令（也可以输入“撤销”）"},
    Row{"fork [NAME]", "把当前时刻用一个名字保存下来；单独使用时列出已保存的时刻"},
    Row{"switch NAME", "回到保存过的时刻"},
    Row{"diff [NAME]", "和保存过的时刻（或上一条命令之前）相比，有什么不同"},
    Row{"why OBJECT",
        "对象在等什么，怎样做才有用（也可以输入“为什么 OBJECT”）；还有 why not OBJECT "
        "STATE（为什么没有变成这样）和 why so long "
        "[SET]（为什么这么久）"},
    Row{"now", "现在是什么时刻，下一件事什么时候发生"},
    Row{"show", "StatefulSet、Pod、PVC、PV 现在的状态"},
    Row{"example", "创建一个 Service 和一个有三个 Pod 的 StatefulSet web，作为开始"},
    Row{"watch on|off", "要不要把发生的事说出来"},
    Row{"save FILE [--force]", "把输入过的命令写成场景文件，stsim run 可以重放"},
    Row{"load FILE", "从一个场景文件和它的步骤重新开始"},
    Row{"reset", "回到最开始"},
    Row{"help [COMMAND]", "可以输入什么；带命令名时说明那条命令（英文）"},
};

constexpr std::array kAccidents{
    Row{"pod NAME becomes FATE",
        "马上：ready、running、unready、crashed、failed、succeeded、evicted、gone；"
        "从现在起：unpullable（拉不到镜像）、crashing、stuck、fine"},
    Row{"image NAME becomes FATE",
        "用这个镜像的容器从现在起会怎样：unpullable、crashing、stuck、fine"},
    Row{"node NAME becomes FATE",
        "down、unreachable、up、cordoned、uncordoned、drained、out-of-service、in-service、gone"},
    Row{"watch of ACTOR becomes FATE",
        "某个控制器看到的是 late（迟到的）、broken（断开的）、live（及时的）"},
    Row{"controller NAME becomes FATE", "down、up、restarted"},
    Row{"api answers ANSWER",
        "API 服务器回答 conflict、quota、denied、unavailable、timeout、lost；normally "
        "恢复正常"},
    Row{"nfs SERVER becomes FATE", "卷所在的 NFS 服务器：down、full（满了）、up"},
    Row{"dns becomes FATE", "stale：只回答旧的记录；fresh"},
    Row{"lookup NAME from POD", "从某个 Pod 里查一次 DNS"},
    Row{"history VOLUME", "谁在什么时候用过这个卷"},
};

template <std::size_t N>
std::string lines(const std::array<Row, N>& rows, std::size_t width) {
  constexpr std::size_t kHelpBegins = 32;
  std::string out;
  for (const Row& row : rows) {
    out +=
        folded(
            fmt::format("  {:<{}}{}", row.usage, kHelpBegins - 2, row.help), width, kHelpBegins) +
        "\n";
  }
  return out;
}

}  // namespace

std::string chinese_help(std::size_t width) {
  return "kubectl 的命令（可以不写 kubectl 这个词；`apply -f - <<EOF` 后面可以跟多行），以及：\n" +
         lines(kCommands, width) + "各种故障和场景的其他步骤：\n" + lines(kAccidents, width);
}

}  // namespace stsim::lessons
