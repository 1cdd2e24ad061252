package gate

// Limit says what is special about a limit of a field. The zero value means
// that the limit of the catalogue holds and that the gateway's collective code
// answers where it is passed, since no document names another one.
type Limit struct {
	Code int // that answers instead

	// The operation checks the limit itself: the field is judged one by one,
	// by market or by a switch.
	InOperation bool

	// The catalogue calls the field required, the platform was seen to do
	// without it.
	Optional bool

	// The operation acts on the value, so that it takes no other than those of
	// the list. Elsewhere a value that is not listed passes with a warning.
	Listed bool

	// Corrections of the catalogue, which cuts some numbers at the comma that
	// the official text puts between thousands.
	MaxLength int
	Max       string
}
