package explain

// Report is what [Explain] finds out about a request. It contains neither the app
// secret nor the access token.
type Report struct {
	// OK reports whether the signature is right.
	OK bool `json:"ok"`
	// Got is the signature that the request carried, empty if it had none.
	Got string `json:"got"`
	// Expected is the right signature.
	Expected string `json:"expected"`
	// Canonical is the string that is signed, with the secret masked.
	Canonical string `json:"canonical"`
	// Mistakes explain a wrong signature, most likely first. Each explains it
	// on its own: several mean that the same string can arise in several ways.
	// It is empty, never nil, when the signature is right or nothing fits.
	Mistakes []Mistake `json:"mistakes"`
	// Summary is the outcome in one sentence, without a full stop.
	Summary string `json:"summary"`
	// Pieces are the parts of Canonical in order, followed by what else the
	// request carries and is not signed.
	Pieces []Piece `json:"pieces"`
	// Notes say what else is noteworthy, even about a right signature: why the
	// platform may still refuse the request.
	Notes []string `json:"notes,omitempty"`
	// Tried are the ids of the mistakes that were tried, if nothing fits. It is
	// empty if the signature is not a digest at all.
	Tried []string `json:"tried,omitempty"`
	// Combinations is the number of different strings that were signed in the
	// search, zero when the signature is right.
	Combinations int `json:"combinations,omitempty"`
}

// Mistake is one explanation of a wrong signature.
type Mistake struct {
	// ID names the mistake, such as body-spaces. Two mistakes made together
	// are joined by a plus sign.
	ID string `json:"id"`
	// Sentence says what was done, such as "you signed the body with spaces,
	// but sent it without".
	Sentence string `json:"sentence"`
	// Fix says what to do instead.
	Fix string `json:"fix"`
	// Parts are the single mistakes where more than one was made.
	Parts []Mistake `json:"parts,omitempty"`
}

// The kinds of pieces.
const (
	PieceSecret   = "secret"   // the app secret, at the beginning and at the end
	PiecePath     = "path"     // the path of the URL
	PieceQuery    = "query"    // key and value of a query parameter
	PieceBody     = "body"     // the exact body
	PieceUnsigned = "unsigned" // a parameter or a body that is not signed
)

// Piece is a part of the string that is signed.
type Piece struct {
	// Kind is one of PieceSecret, PiecePath, PieceQuery, PieceBody and
	// PieceUnsigned.
	Kind string `json:"kind"`
	// Key is the name of a query parameter, otherwise empty.
	Key string `json:"key,omitempty"`
	// Text is the piece of the string, including a parameter's key. It is
	// empty for PieceUnsigned.
	Text string `json:"text"`
	// Note says why an unsigned piece is left out.
	Note string `json:"note,omitempty"`
}
