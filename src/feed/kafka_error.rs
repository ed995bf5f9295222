//! Kafka's errors that a service meets: what each means and what is done about it. The consumer looks here, and
//! docs/operations.md shows the same rows.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

/// Why nothing can be read from Kafka at all.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The client refuses the settings of the connection: mend `kafka.*`.
    #[error("cannot set up the Kafka consumer")]
    Setup(#[source] KafkaError),
}

/// The brokers did not answer a question; ask again.
#[derive(Debug, thiserror::Error)]
#[error("Kafka does not answer: {0}")]
pub struct KafkaTrouble(pub(super) KafkaError);

/// What is done about an error. Whatever it is, no offset is stepped over by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KafkaAction {
    /// The client library goes on trying; not ready meanwhile.
    Wait,
    /// What was asked is asked again.
    Again,
    /// The consumer is made anew and goes on at the last commit.
    Anew,
    /// The partition stands, not ready, until a person steps over the offset.
    StepOver,
    /// Where to go on is asked anew, of the ledger and the group; where a person has to decide, `run` ends with exit code 7.
    Place,
    /// Waits, not ready, until a person has changed something.
    Person,
    /// No error for us.
    Ignore,
}

impl KafkaAction {
    /// Chinese and English, for the page.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Wait => "等待，自动恢复 wait, it goes on by itself",
            Self::Again => "重试 ask again",
            Self::Anew => "重建消费者 make the consumer anew",
            Self::StepOver => "停在该位移，须人工越过 stand there until a person steps over it",
            Self::Place => "重新定位，须人工决定时退出 7 ask anew where to go on; exit 7 if a person has to decide",
            Self::Person => "等待，须人工处理 wait for a person",
            Self::Ignore => "无须处理 nothing",
        }
    }
}

/// A row of the table: the number, what it means in Chinese and English, what is done.
#[derive(Clone, Copy, Debug)]
pub struct KnownKafkaError {
    pub(crate) code: Code,
    pub(crate) meaning: &'static str,
    pub(crate) action: KafkaAction,
}

const fn known(code: Code, action: KafkaAction, meaning: &'static str) -> KnownKafkaError {
    KnownKafkaError { code, meaning, action }
}

use KafkaAction::{Again, Anew, Ignore, Person, Place, StepOver, Wait};

/// By number: first those of the client library, which are below zero. One that is not here is waited out.
#[rustfmt::skip]
pub(crate) const KNOWN: &[KnownKafkaError] = &[
    known(Code::BadMessage, StepOver, "消息损坏 a message that the client library cannot read"),
    known(Code::BadCompression, StepOver, "压缩数据损坏 a compressed batch that cannot be opened"),
    known(Code::BrokerTransportFailure, Wait, "连接断开 the line to a broker broke"),
    known(Code::Resolve, Wait, "域名解析失败 a broker's name cannot be resolved"),
    known(Code::MessageTimedOut, Again, "发送超时 a message was not taken in time"),
    known(Code::PartitionEOF, Ignore, "读到末尾 the end of a partition"),
    known(Code::UnknownPartition, Place, "分区暂不可见 a partition is not known yet"),
    known(Code::UnknownTopic, Place, "主题不存在 the topic is not there"),
    known(Code::AllBrokersDown, Wait, "全部断开 no broker answers"),
    known(Code::OperationTimedOut, Again, "超时 no answer in time"),
    known(Code::QueueFull, Again, "发送队列已满 too much waits to be sent"),
    known(Code::NodeUpdate, Ignore, "节点变更 a broker has moved"),
    known(Code::SSL, Person, "TLS 失败 certificates do not fit"),
    known(Code::WaitingForCoordinator, Wait, "等待协调者 the group has no coordinator yet"),
    known(Code::AssignPartitions, Ignore, "分配分区 partitions are given"),
    known(Code::RevokePartitions, Ignore, "收回分区 partitions are taken"),
    known(Code::NotImplemented, StepOver, "编码不支持 a codec that the client library does not have"),
    known(Code::Authentication, Person, "登录失败 user or password is wrong"),
    known(Code::NoOffset, Ignore, "没有可提交的位移 there was nothing to commit"),
    known(Code::UnsupportedFeature, StepOver, "功能不支持 a form of message that the client library does not know"),
    known(Code::Underflow, StepOver, "数据不全 a message that ends too early"),
    known(Code::Fatal, Anew, "客户端已失效 the client library has given up"),
    known(Code::PollExceeded, Wait, "轮询中断太久，自行重新入组 was not polled for too long; it joins again"),
    known(Code::AutoOffsetReset, Place, "位移越界 the committed offset is not on the topic any more"),
    known(Code::OffsetOutOfRange, Place, "位移越界 the committed offset is not on the topic any more"),
    known(Code::InvalidMessage, StepOver, "校验和不符 a message whose checksum is wrong"),
    known(Code::UnknownTopicOrPartition, Place, "主题或分区不存在 the topic or partition is not there"),
    known(Code::InvalidMessageSize, StepOver, "长度不符 a message whose length is wrong"),
    known(Code::LeaderNotAvailable, Wait, "分区无主 a partition has no leader"),
    known(Code::NotLeaderForPartition, Wait, "分区换主 a partition has moved"),
    known(Code::RequestTimedOut, Again, "请求超时 a broker was too slow"),
    known(Code::MessageSizeTooLarge, StepOver, "消息过大 a message larger than the client library takes"),
    known(Code::CoordinatorLoadInProgress, Again, "协调者加载中 the coordinator is starting"),
    known(Code::CoordinatorNotAvailable, Again, "协调者不可用 the group has no coordinator"),
    known(Code::NotCoordinator, Again, "协调者已换 the group's coordinator has moved"),
    known(Code::IllegalGeneration, Again, "组已换代，提交被拒 the group has moved on: the commit was refused"),
    known(Code::UnknownMemberId, Again, "已被移出组，提交被拒 put out of the group: the commit was refused"),
    known(Code::RebalanceInProgress, Again, "正在再均衡，提交被拒 the group is settling: the commit was refused"),
    known(Code::TopicAuthorizationFailed, Person, "主题无权限 the account may not read the topic"),
    known(Code::GroupAuthorizationFailed, Person, "消费组无权限 the account may not use the group"),
    known(Code::ClusterAuthorizationFailed, Person, "集群无权限 the account may not do this"),
    known(Code::SaslAuthenticationFailed, Person, "登录失败 user or password is wrong"),
    known(Code::FencedLeaderEpoch, Wait, "分区换主 a partition has moved"),
    known(Code::UnknownLeaderEpoch, Wait, "分区换主 a partition has moved"),
    known(Code::FencedInstanceId, Anew, "实例名重复 another instance has the same kafka.instance_id"),
    known(Code::InvalidRecord, StepOver, "记录不合规 a record that the broker calls invalid"),
    known(Code::UnknownTopicId, Place, "主题已重建 the topic was made anew"),
];

pub(crate) fn action(code: Code) -> KafkaAction {
    KNOWN.iter().find(|known| known.code == code).map_or(Wait, |known| known.action)
}

/// The rows of the page.
pub fn page() -> String {
    let mut page = "| code | name | 含义 meaning | 处理 what we do |\n|---|---|---|---|\n".to_owned();
    for KnownKafkaError { code, meaning, action } in KNOWN {
        page += &format!("| {} | {code:?} | {meaning} | {} |\n", *code as i32, action.says());
    }
    page + &format!("| 其他 any other | | | {} |\n", Wait.says())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_so_that_none_is_there_twice() {
        assert!(KNOWN.is_sorted_by(|one, next| (one.code as i32) < next.code as i32));
    }

    #[test]
    fn what_the_consumer_meets_is_answered_as_the_page_says() {
        for (code, expected) in [
            (Code::AutoOffsetReset, Place),
            (Code::Fatal, Anew),
            (Code::BadMessage, StepOver),
            (Code::RebalanceInProgress, Again),
            (Code::InvalidTimestamp, Wait),
        ] {
            assert_eq!(action(code), expected, "{code:?}");
        }
    }
}
