package spec

// A Doc says what a field means, in our own words, with the facts beside the
// sentence that the official files state in prose only.
type Doc struct {
	Text       string
	Unit       string            // of a number: kg, percent
	Format     string            // of a string: YYYY-MM-DD
	Markets    []string          // the only ones where it is used; region codes
	RequiredIf string            // the condition under which a request must hold it
	Deprecated string            // what to use in its place, and since when
	Sum        string            // wire name of the amount that it is part of
	Sign       string            // what a positive or a negative amount means
	Values     map[string]string // meaning of each value
}

// An OperationDoc says what an operation needs and what it leads to.
type OperationDoc struct {
	Before   string            `json:"before,omitempty"`   // the state that it needs
	After    string            `json:"after,omitempty"`    // the state that it leads to
	Webhooks []string          `json:"webhooks,omitempty"` // topics that it raises
	Codes    map[string]string `json:"codes,omitempty"`    // what to do about a code
}
