CREATE DATABASE IF NOT EXISTS {{database}}_mart
COMMENT '分析库：分析人员只读此库 | Mart: what analysts read'
