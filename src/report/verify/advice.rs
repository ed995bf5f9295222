//! What each kind of finding means, and what to do about it. docs/operations.md, "Verify", says it at length.

use crate::domain::verify::Kind;

pub(super) struct Advice {
    pub word: &'static str,
    pub meaning: &'static str,
    pub what_to_do: &'static str,
}

pub(super) fn of(kind: Kind) -> Advice {
    let (word, meaning, what_to_do) = match kind {
        Kind::Hole => (
            "缺失 HOLE",
            "Kafka 有此消息，账本与隔离区均无 Kafka has messages that neither the ledger nor the quarantine has",
            "停止所有实例，将消费组在该分区的位移设回首个缺失位移，再启动；已有的行不变 stop all instances, set the group's offset of the \
             partition back to the first of them (kafka-consumer-groups --reset-offsets --topic TOPIC:PARTITION --to-offset \
             OFFSET), start; rows that are there stay as they are",
        ),
        Kind::Unreadable => (
            "不可读 UNREADABLE",
            "账本与隔离区均无，且无法从 Kafka 读出 in neither table, and it cannot be read from Kafka",
            "查明原因（压缩方式、损坏）；确认无法取得后用 tongguan gaps skip TOPIC/PARTITION/OFFSET 跳过并登记 find out why (codec, damage); if it \
             cannot be had, step over it on record: `tongguan gaps skip TOPIC/PARTITION/OFFSET`",
        ),
        Kind::Gap => (
            "断档 GAP",
            "已从 Kafka 消失，账本与隔离区均无；是否曾有消息不得而知 gone from Kafka and in neither table; whether there were messages nobody knows",
            "请来源系统补发；补不了的，由负责人用 tongguan gaps accept TOPIC/PARTITION 确认并登记 have it sent again; what cannot be had, accept \
             on record: `tongguan gaps accept TOPIC/PARTITION`, for older ones a row in the table gaps (docs/operations.md)",
        ),
        Kind::Double => (
            "一处多行 DOUBLE",
            "账本中同一位置有多个事件身份 one place in the ledger under several identities",
            "对照 Kafka 该位置的消息，删除账本中不符的行，再 rebuild --all；若主题曾重建，见 MADE ANEW compare with the message on Kafka, \
             delete the row that is not its, then rebuild --all; if the topic was made anew, see there",
        ),
        Kind::InBoth => (
            "两处都有 IN BOTH",
            "已在账本，隔离区仍未标为已重放 in the ledger, and the quarantine does not say replayed",
            "waiting：运行 tongguan quarantine list，即标为已重放 run `tongguan quarantine list`, which marks it; discarded：放宽规则后重读所得，\
             确认应否计入 it was read again under looser rules: decide whether it should count",
        ),
        Kind::MadeAnew => (
            "主题重建 MADE ANEW",
            "Kafka 上的主题不是当初读的那个 the topic on Kafka is not the one that was read",
            "停止所有实例，给该业务流换一个主题名，见 docs/operations.md stop all instances and give the stream another topic name, see \
             docs/operations.md",
        ),
        Kind::Missing => (
            "缺案件 MISSING",
            "账本有此案件的消息，案件表无此行 the ledger has messages of the case, the cases have no row",
            "近期的由巡检补齐；否则 tongguan rebuild --all（可加 --stream） if it is recent the sweep folds it; otherwise `tongguan rebuild --all` \
             (--stream NAME)",
        ),
        Kind::Stale => (
            "案件未更新 STALE",
            "案件由较少的消息折叠而成 folded from fewer messages than the ledger has",
            "近期的由巡检补齐；否则 tongguan rebuild --all（可加 --stream） if it is recent the sweep folds it; otherwise `tongguan rebuild --all` \
             (--stream NAME)",
        ),
        Kind::Surplus => (
            "账本少行 SURPLUS",
            "案件由较多的消息折叠而成：账本丢了行 folded from more messages than the ledger has: the ledger has lost rows",
            "先按 HOLE 补回账本；补不回的，tongguan rebuild --all 后案件与账本一致（无消息的案件需删除其行） bring the holes back first; what \
             cannot be had, rebuild --all makes cases agree (a case without messages: delete its row)",
        ),
        Kind::Generation => (
            "代次不符 GENERATION",
            "案件行的代次与 rebuilds 不符 the generation of the row does not fit the rebuilds",
            "tongguan rebuild --all",
        ),
        Kind::Differs => (
            "折叠不同 DIFFERS",
            "同样的消息、同样的规则，重新折叠的结果不同 a fresh fold of the same messages by the same rules says something else",
            "版本升级后请先 rebuild --all；否则是程序缺陷或行被改动，请保留并上报 after an upgrade: rebuild --all; otherwise the row was changed \
             or it is a fault of the program: keep it and report it",
        ),
        Kind::AcrossCases => (
            "编号跨案 ACROSS CASES",
            "同一（来源，事件编号）用于多个案件，均计入 one (source, event id) in several cases; it counts in each",
            "请来源系统更正编号 the feeder must mend its ids",
        ),
        Kind::WithinCase => (
            "编号冲突 WITHIN CASE",
            "同一（来源，事件编号）在一案内内容不同，先到者有效 one (source, event id) with other contents within a case; the first place stands",
            "请来源系统更正编号，并用新编号重发 the feeder must mend its ids and send what was meant under a new one",
        ),
    };
    Advice { word, meaning, what_to_do }
}
