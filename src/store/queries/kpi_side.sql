-- A case towards one figure: what it adds to the numerator and the denominator, why it is not in the figure, and why not in the
-- numerator. Who is in a denominator and not in its numerator does not do what the numerator asks for.
(toInt64({{n}}), toInt64({{d}}), {{why_not}} AS why_not_{{number}}, if({{d}} = 0, why_not_{{number}}, {{short_of}}))
