-- Replacing by name: two runners that apply the same file leave one row.
CREATE TABLE IF NOT EXISTS {{database}}.schema_migrations
(
    name       String                       COMMENT '文件名 | File name',
    sha256     String                       COMMENT '内容的 SHA-256 | SHA-256 of the file',
    applied_at DateTime('Asia/Shanghai')    DEFAULT now() COMMENT '执行时间 | When it was applied'
)
ENGINE = ReplacingMergeTree
ORDER BY name
COMMENT '已执行的迁移 | Migrations applied'
