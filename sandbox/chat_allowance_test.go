package sandbox

import (
	"net/http/httptest"
	"testing"
	"time"
)

// An app may read conversations 10,000 times a day.
func TestChatAllowance(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	sb, err := New(Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	s := sb.gate.state.Load().world.shops[0]
	read := func(key string) int {
		c := new(call)
		c.begin(sb.gate, httptest.NewRequest("GET", "http://shop.test"+"/customer_service/202309/conversations?page_size=1", nil))
		c.shop, c.app = s, newApp(registration{Key: key})
		methods, _ := sb.gate.router.find(c.path)
		c.route = methods["GET"]
		if f := c.route.handle(c); f != nil {
			return f.code
		}
		return 0
	}
	for i := range maxChatCalls + 1 {
		want := 0
		if i == maxChatCalls {
			want = codeChatAllowance
		}
		if got := read("one"); got != want {
			t.Fatalf("call %d: code %d, want %d", i, got, want)
		}
	}
	if got := read("another"); got != 0 {
		t.Errorf("another app: code %d", got)
	}
	now = now.Add(24 * time.Hour)
	if got := read("one"); got != 0 {
		t.Errorf("the next day: code %d", got)
	}
}
