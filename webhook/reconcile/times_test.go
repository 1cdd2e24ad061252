package reconcile_test

import (
	"encoding/json"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The times of events become the client's by a conversion.
func TestTimesOfEventsConvert(t *testing.T) {
	t.Parallel()
	for _, seconds := range []string{"0", "1", "1700000000"} {
		var number event.UnixTime
		var text event.QuotedTime
		var client ttshop.UnixTime
		for _, into := range []any{&number, &text, &client} {
			if err := json.Unmarshal([]byte(seconds), into); err != nil {
				t.Fatal(err)
			}
		}
		if got := ttshop.UnixTime(number); got != client || !got.Time().Equal(number.Time()) {
			t.Errorf("%s: event.UnixTime converts to %v, want %v", seconds, got, client)
		}
		if got := ttshop.UnixTime(text); got != client || got.Text() != client.Text() || !got.Time().Equal(text.Time()) {
			t.Errorf("%s: event.QuotedTime converts to %v, want %v", seconds, got, client)
		}
	}
}
