-- The figures of the editions, as they were published. Rows whose attempt has no head in `editions` are of no edition.
CREATE TABLE IF NOT EXISTS {{database}}.edition_figures
(
    attempt           LowCardinality(String) COMMENT '发布编号 | Attempt that it belongs to',
    figure            LowCardinality(String) COMMENT '指标编号 | Id of the figure',
    grouped_by        Array(String)          COMMENT '分组维度，空为合计 | What it is grouped by; empty: the whole',
    groups            Array(String)          COMMENT '分组值 | The group, a text for each dimension',
    numerator         Int64                  COMMENT '分子 | Numerator',
    denominator       Nullable(Int64)        COMMENT '分母，计数无分母 | Denominator; a count has none',
    median_ms         Nullable(Int64)        COMMENT '时长中位数（毫秒） | Median of the durations, milliseconds',
    p90_ms            Nullable(Int64)        COMMENT '时长 P90（毫秒） | P90 of the durations, milliseconds',
    mean_ms           Nullable(Int64)        COMMENT '时长平均值（毫秒） | Mean of the durations, milliseconds',
    max_ms            Nullable(Int64)        COMMENT '时长最大值（毫秒） | Longest duration, milliseconds',
    definition        String                 COMMENT '发布时的指标定义，JSON | Entry of the catalogue when it was published, as JSON' CODEC(ZSTD(3)),
    definition_sha256 LowCardinality(String) COMMENT '指标定义的 SHA-256 | SHA-256 of the definition'
)
ENGINE = MergeTree
ORDER BY (attempt, figure, grouped_by, groups)
SETTINGS auto_statistics_types = ''
COMMENT '已发布的数字 | Figures of editions'
