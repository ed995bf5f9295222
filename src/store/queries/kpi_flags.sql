-- What every query over figures reads: the flags of the period and the instant asked for.
    {{database}}_mart.{{view}}(
        from = {from:DateTime64(3, 'Asia/Shanghai')},
        to = {to:DateTime64(3, 'Asia/Shanghai')},
        as_of = {as_of:DateTime64(3, 'Asia/Shanghai')})
