-- The reason for which a row is not in a figure; 0: it is in it, the period does not hold it, or it is not known yet, because a correction
-- moved it behind as_of. A figure by dues also says how many cases were received in the period without any, and a figure of what was
-- received how many were reported in it and not taken in.
if({{rows}} AND ({{known}}), multiIf(
    {{n}} OR {{d}}, if({{assessed}}, 0, 5),
    standing = 'void', 1,
    standing = 'excluded', 2,
    standing = 'pending', 3,
    NOT is_counted, 0,
    NOT {{assessed}}, 5,
    {{is_in_base}} AND is_out_of_base, 4,
    NOT {{lacks_due}}, 9,
    NOT has_due, 6,
    standing = 'suspended', 7,
    standing = 'answered', 10,
    8), 0)
