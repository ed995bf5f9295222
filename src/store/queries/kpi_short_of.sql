-- Why a case of a denominator is not in the numerator that another convention has it in; of a figure whose cases lack a due.
multiIf(
    standing != 'closed', 'not_closed',
    is_late, 'late',
    {{is_by_original_due}}, 'late_by_original_due',
    {{is_light}}, 'was_red',
    'otherwise')
