package trade

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// maxRepeatKey is the greatest length of an idempotency key.
const maxRepeatKey = 255

// maxRepeats bounds the answers that a shop keeps by idempotency key.
const maxRepeats = 10_000

// Repeat answers a call whose idempotency key was used before as it was
// answered then, and otherwise does the work and keeps its answer. Whether the
// platform replays or refuses is not documented; to replay is what the key is
// for. A failure is not kept, and of too many answers the oldest are forgotten.
func Repeat(c *gate.Call, work func() *gate.Failure) *gate.Failure {
	key, _ := wire.Lookup(c.Query, "idempotency_key")
	if len(key) > maxRepeatKey {
		return gate.Fail(gate.CodeInvalidParameter, "'idempotency_key' takes at most 255 characters")
	}
	if key == "" {
		return work()
	}
	key = c.Route.Name + " " + strings.Join(c.Params.Values[:c.Params.Count], " ") + " " + key
	if answer, ok := Of(c.Shop).Repeats[key]; ok {
		c.Out = append(c.Out, answer...)
		return nil
	}
	start := len(c.Out)
	if f := work(); f != nil {
		return f
	}
	answer := slices.Clone(c.Out[start:])
	if len(answer) == 0 {
		answer = []byte("{}")
	}
	Of(c.Shop).keepAnswer(key, answer)
	return nil
}

// keepAnswer keeps the answer to a key that has none yet. Beyond maxRepeats the
// oldest answers make room.
func (t *trade) keepAnswer(key string, answer json.RawMessage) {
	t.Repeats[key] = answer
	t.repeatKeys = append(t.repeatKeys, key)
	if extra := len(t.repeatKeys) - maxRepeats; extra > 0 {
		for _, old := range t.repeatKeys[:extra] {
			delete(t.Repeats, old)
		}
		t.repeatKeys = slices.Delete(t.repeatKeys, 0, extra)
	}
}
