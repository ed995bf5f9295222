-- Why a case of a denominator is not in the numerator that another convention has it in.
multiIf(
    NOT {{lacks_due}}, 'otherwise',
    standing != 'closed', 'not_closed',
    is_late, 'late',
    '{{cohort}}' = 'ORIGINAL_DUE', 'late_by_original_due',
    {{is_light}}, 'was_red',
    'otherwise')
