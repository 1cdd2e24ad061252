package sync

// A Stored is what a destination knows about a row that it has.
type Stored struct {
	Hash       string
	Detail     string
	Version    int64
	Seq        int64
	Generation int64
	Deleted    bool
}

// An Action is what a destination does with a row.
type Action uint8

// The actions.
const (
	Keep   Action = iota // nothing, but for a later generation
	Insert               // the row is new
	Touch                // what it tells is known: version, sequence and generation move
	Change               // columns, children and everything else are replaced
)

// Decide returns what is to be done with a row of a batch, and counts it. Stored is nil
// where the destination does not have the row.
func (b *Batch) Decide(row *Row, stored *Stored, tally *Tally) Action {
	if stored == nil {
		tally.Inserted++
		return Insert
	}
	later := row.Version > stored.Version || row.Version == stored.Version && row.Seq > stored.Seq
	if b.Force {
		later = row.Seq > stored.Seq
	}
	same := row.Hash == stored.Hash && !stored.Deleted
	switch {
	case !later:
		tally.Stale++
		return Keep
	case same && (row.Leave&GroupDetail != 0 || row.Detail == stored.Detail):
		tally.Unchanged++
		return Touch
	case same:
		tally.Unchanged++ // as far as a list tells
	default:
		tally.Changed++
	}
	return Change
}
