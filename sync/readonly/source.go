package readonly

import (
	"context"
	"time"
)

// A Source carries out one statement where nothing can be written, within a time. The
// packages sqlite and postgres have one each.
type Source interface {
	// Database says how statements are written for it.
	Database() Database
	// Read hands over the rows up to the last, or until each returns false. Values are
	// nil, bool, int64, float64, [json.Number] or string.
	Read(ctx context.Context, statement string, within time.Duration, each func(columns []string, values []any) bool) error
}
