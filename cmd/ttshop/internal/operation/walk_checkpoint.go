package operation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// WalkCheckpoint is the file of --checkpoint: which walk it belongs to, and how
// far that has come.
type WalkCheckpoint struct {
	Operation string        `json:"operation"`
	Request   string        `json:"request"` // digest of what was asked for
	Span      ttshop.Span   `json:"span"`
	Done      []ttshop.Span `json:"done"`

	name string
}

// openCheckpoint reads the checkpoint in a file, or starts one.
func (o *operationOptions) openCheckpoint(sys *platform.Session, span ttshop.Span) (*WalkCheckpoint, error) {
	digest, err := o.digest(sys)
	if err != nil {
		return nil, err
	}
	c := &WalkCheckpoint{Operation: o.op.FullName(), Request: digest, Span: span, name: o.Checkpoint}
	saved, err := os.ReadFile(o.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--checkpoint: %w", err)
	}
	var before WalkCheckpoint
	switch err := json.Unmarshal(saved, &before); {
	case err != nil || before.Operation == "" || before.Span == (ttshop.Span{}):
		return nil, console.Usagef("--checkpoint %s: the file is not a checkpoint; name another one, or remove it to start over", o.Checkpoint)
	case before.Operation != c.Operation:
		return nil, console.Usagef("--checkpoint %s belongs to %s, not to %s; name another file", o.Checkpoint, before.Operation, c.Operation)
	case before.Request != c.Request:
		return nil, console.Usagef("--checkpoint %s belongs to a walk with other flags or of another shop; repeat its flags, name another file, or remove it to start over", o.Checkpoint)
	}
	c.Span, c.Done = before.Span, before.Done // -30d was 30 days before that day
	return c, nil
}

// digest identifies what the flags ask for, as written: with a time such as -30d
// it is the same walk on the next day. How the list is paged and printed does not
// count.
func (o *operationOptions) digest(sys *platform.Session) (string, error) {
	fields := make(map[string][]string)
	for _, f := range o.fields {
		if f.Given() && (o.op.Paging.Size == "" || f.Field.Name != field.AfterColon(o.op.Paging.Size)) {
			fields[f.Name] = f.Texts
		}
	}
	b, err := json.Marshal([]any{o.op.FullName(), o.Shop(sys), o.AssetCipher, fields, o.Set, o.Body})
	if err != nil {
		return "", fmt.Errorf("--checkpoint: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// save writes the file if more is done than it says, whole or not at all. What
// counts as done has been printed.
func (c *WalkCheckpoint) save(now ttshop.Checkpoint) error {
	if c == nil || slices.Equal(c.Done, now.Done) {
		return nil
	}
	c.Done = now.Done
	b, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("--checkpoint: %w", err)
	}
	if err := platform.WritePrivate(c.name, append(b, '\n'), false); err != nil {
		return fmt.Errorf("--checkpoint: %w", err)
	}
	return nil
}

// complete reports whether the walk is finished.
func (c *WalkCheckpoint) complete() bool { return c != nil && len(c.Done) == 1 && c.Done[0] == c.Span }
