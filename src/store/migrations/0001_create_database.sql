CREATE DATABASE IF NOT EXISTS {{database}}
COMMENT '统管：账本、案件、隔离区 | Tongguan: ledger, cases, quarantine'
