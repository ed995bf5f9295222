-- Which definitions of the mart's views stand. By name: two runners that install the same one leave one row.
CREATE TABLE IF NOT EXISTS {{database}}.views
(
    name         String                    COMMENT '视图名 | Name of the view',
    sha256       String                    COMMENT '定义的 SHA-256；已删除为空 | SHA-256 of its definition; empty once it is dropped',
    installed_at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3) COMMENT '安装时间 | When it was installed'
)
ENGINE = ReplacingMergeTree(installed_at)
ORDER BY name
COMMENT '已安装的视图 | Views installed'
