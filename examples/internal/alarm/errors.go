package alarm

// FieldError is a mistake in a [Config], a [Policy] or an argument of [New].
type FieldError struct {
	Field  string // such as "Sound" or "IncludeEvents"
	Reason string // what is wrong, and what to do
}

// Error names the field and says what to do.
func (e *FieldError) Error() string { return "alarm: " + e.Field + " " + e.Reason }
