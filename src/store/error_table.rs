//! ClickHouse's codes that a service meets: what each means and what is done about it. The program looks here, and
//! docs/operations.md shows the same rows.

/// What is done about an error. Whatever it is, nothing is skipped: the service sends the same bytes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClickHouseAction {
    /// It passes by itself.
    Wait,
    /// The body is cut in two by rows, as often as it takes; one row alone, and a query, waits.
    Cut,
    /// Somebody has to change the account.
    Account,
    /// `tongguan migrate`, or whoever took the tables away.
    Schema,
    /// Anything that a person has to look at.
    Person,
}

impl ClickHouseAction {
    /// Chinese and English, for the page.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Wait => "等待重发 wait, send the same again",
            Self::Cut => "按行拆小，单行则等待 cut by rows; one row waits",
            Self::Account => "等待，须改账号；启动时退出 1 wait for a person; at the start exit 1",
            Self::Schema => "等待，须建表；启动时退出 1 wait for `migrate`; at the start exit 1",
            Self::Person => "等待，须人工处理；启动时退出 1 wait for a person; at the start exit 1",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct KnownClickHouseError {
    /// As ClickHouse counts its errors.
    pub code: u32,
    /// ClickHouse's own name for it.
    pub name: &'static str,
    pub(crate) meaning: &'static str,
    /// What is done when it comes.
    pub action: ClickHouseAction,
}

const fn known(code: u32, name: &'static str, action: ClickHouseAction, meaning: &'static str) -> KnownClickHouseError {
    KnownClickHouseError { code, name, meaning, action }
}

use ClickHouseAction::{Account, Cut, Person, Schema, Wait};

/// By code. One that is not here waits for a person.
#[rustfmt::skip]
pub const KNOWN: &[KnownClickHouseError] = &[
    known(16, "NO_SUCH_COLUMN_IN_TABLE", Schema, "缺列 a column is missing"),
    known(27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED", Person, "读不懂请求 cannot read what was sent"),
    known(33, "CANNOT_READ_ALL_DATA", Wait, "请求没收全 the body came in part"),
    known(46, "UNKNOWN_FUNCTION", Schema, "缺视图或函数 a view or function is missing"),
    known(47, "UNKNOWN_IDENTIFIER", Schema, "缺列 a column is missing"),
    known(60, "UNKNOWN_TABLE", Schema, "缺表 a table is missing"),
    known(62, "SYNTAX_ERROR", Person, "版本太旧 the server is too old for the query"),
    known(81, "UNKNOWN_DATABASE", Schema, "缺库 the database is missing"),
    known(115, "UNKNOWN_SETTING", Person, "版本太旧 the server is too old for a setting"),
    known(117, "INCORRECT_DATA", Person, "数据读不懂 data that cannot be read"),
    known(158, "TOO_MANY_ROWS", Cut, "行数超限 more rows than a limit allows"),
    known(159, "TIMEOUT_EXCEEDED", Wait, "执行超时 took longer than allowed"),
    known(160, "TOO_SLOW", Wait, "估计太慢 would take too long"),
    known(164, "READONLY", Wait, "只读 the server or account is read-only"),
    known(173, "CANNOT_ALLOCATE_MEMORY", Cut, "系统内存不足 the machine has no memory left"),
    known(192, "UNKNOWN_USER", Account, "无此用户 no such user"),
    known(193, "WRONG_PASSWORD", Account, "密码错误 wrong password"),
    known(194, "REQUIRED_PASSWORD", Account, "缺密码 a password is needed"),
    known(201, "QUOTA_EXCEEDED", Wait, "配额用尽 the quota is used up"),
    known(202, "TOO_MANY_SIMULTANEOUS_QUERIES", Wait, "并发太多 too many queries at once"),
    known(203, "NO_FREE_CONNECTION", Wait, "连接用尽 no free connection"),
    known(209, "SOCKET_TIMEOUT", Wait, "网络超时 a socket timed out"),
    known(210, "NETWORK_ERROR", Wait, "网络错误 the network failed"),
    known(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", Wait, "同号查询在跑 a query of this id still runs"),
    known(236, "ABORTED", Wait, "正在关闭 it is shutting down"),
    known(241, "MEMORY_LIMIT_EXCEEDED", Cut, "内存超限 a memory limit was reached"),
    known(242, "TABLE_IS_READ_ONLY", Wait, "表只读 the table is read-only"),
    known(243, "NOT_ENOUGH_SPACE", Wait, "磁盘已满 the disk is full"),
    known(246, "CORRUPTED_DATA", Person, "部件损坏 a part of a table is damaged"),
    known(252, "TOO_MANY_PARTS", Wait, "数据块太多 merges are behind"),
    known(279, "ALL_CONNECTION_TRIES_FAILED", Wait, "副本连不上 no replica answers"),
    known(285, "TOO_FEW_LIVE_REPLICAS", Wait, "副本不足 too few replicas"),
    known(307, "TOO_MANY_BYTES", Cut, "字节数超限 more bytes than a limit allows"),
    known(319, "UNKNOWN_STATUS_OF_INSERT", Wait, "写入结果不明 an insert's fate is unknown"),
    known(394, "QUERY_WAS_CANCELLED", Wait, "查询被取消 the query was cancelled"),
    known(396, "TOO_MANY_ROWS_OR_BYTES", Cut, "结果超限 a result limit was reached"),
    known(425, "SYSTEM_ERROR", Wait, "系统调用失败 the system refused something"),
    known(439, "CANNOT_SCHEDULE_TASK", Wait, "线程用尽 no thread is free"),
    known(473, "DEADLOCK_AVOIDED", Wait, "避免死锁 a lock was given up"),
    known(497, "ACCESS_DENIED", Account, "权限不足 the account may not do this"),
    known(516, "AUTHENTICATION_FAILED", Account, "登录失败 user or password is wrong"),
    known(667, "NOT_INITIALIZED", Wait, "尚未就绪 it is still starting"),
    known(745, "SERVER_OVERLOADED", Wait, "服务器过载 it is overloaded"),
    known(999, "KEEPER_EXCEPTION", Wait, "Keeper 故障 Keeper is away"),
];

/// What is done about this code.
pub fn action(code: u32) -> ClickHouseAction {
    KNOWN.iter().find(|known| known.code == code).map_or(Person, |known| known.action)
}

/// What is no code of ClickHouse, under the name that the metric gives it.
const BESIDE: &[(&str, ClickHouseAction, &str)] = &[
    ("gone", Wait, "连不上或断线 no connection, or it broke"),
    ("silent", Wait, "限时内无应答 nothing came in time"),
    ("foreign", Wait, "应答者不是 ClickHouse，如网关 a gateway answered in its place"),
    ("cut", Wait, "应答不完整 only a part of the answer came"),
    ("413", Cut, "网关限制请求大小（HTTP 413） a gateway's own limit (HTTP status)"),
];

/// What the label of the metric stands for: ClickHouse's name, what it means, what is done. Nothing for one that is not known.
pub(crate) fn told(label: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let known = |code: u32| KNOWN.iter().find(|known| known.code == code);
    let beside =
        || BESIDE.iter().find(|(name, ..)| *name == label).map(|(_, action, meaning)| ("", *meaning, action.says()));
    let of_code = label.parse().ok().and_then(known).map(|known| (known.name, known.meaning, known.action.says()));
    of_code.or_else(beside)
}

/// The rows of the page.
pub fn page() -> String {
    let mut page = "| code | name | 含义 meaning | 处理 what we do |\n|---|---|---|---|\n".to_owned();
    for KnownClickHouseError { code, name, meaning, action } in KNOWN {
        page += &format!("| {code} | {name} | {meaning} | {} |\n", action.says());
    }
    for (name, action, meaning) in BESIDE {
        page += &format!("| {name} | | {meaning} | {} |\n", action.says());
    }
    page + &format!("| 其他 any other | | | {} |\n", Person.says())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_the_metric_is_told_in_words() {
        assert_eq!(told("252").unwrap().0, "TOO_MANY_PARTS");
        assert!(told("gone").unwrap().1.contains("no connection") && told("413").unwrap().1.contains("gateway"));
        assert_eq!(told("9999"), None);
    }

    #[test]
    fn codes_rise_so_that_none_is_there_twice() {
        assert!(KNOWN.is_sorted_by(|one, next| one.code < next.code));
    }
}
