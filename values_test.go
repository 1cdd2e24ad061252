package ttshop_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
)

func TestUnixTime(t *testing.T) {
	t.Parallel()
	var v struct {
		Time ttshop.UnixTime `json:"t"`
	}
	if err := json.Unmarshal([]byte(`{"t":1700000000}`), &v); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC); !v.Time.Time().Equal(want) || v.Time.Time().Location() != time.UTC {
		t.Errorf("Time = %v, want %v", v.Time.Time(), want)
	}
	if got := ttshop.TimeOf(v.Time.Time().In(time.FixedZone("x", 3600)).Add(999 * time.Millisecond)); got != 1700000000 {
		t.Errorf("TimeOf = %d", got)
	}
	if !ttshop.UnixTime(0).Time().IsZero() || ttshop.TimeOf(time.Time{}) != 0 {
		t.Error("zero does not mean no time")
	}
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	if r, ok := ttshop.Decimal("19.99").Rat(); !ok || r.FloatString(2) != "19.99" {
		t.Errorf("Rat = %v, %v", r, ok)
	}
	for _, text := range []ttshop.Decimal{"", "much", "1/3", "0x10", "1_000", "1e9", "1e999999999", "1.2.3", "1-2"} {
		if r, ok := text.Rat(); ok {
			t.Errorf("Rat of %q = %v", text, r)
		}
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	token := ttshop.Token{AccessToken: "t", AccessTokenExpiresAt: now, GrantedScopes: []string{"seller.order.info"}}
	if token.ValidAt(now) || !token.ValidAt(now.Add(-time.Second)) || (ttshop.Token{}).ValidAt(now) || !(ttshop.Token{AccessToken: "t"}).ValidAt(now) {
		t.Error("ValidAt")
	}
	if !token.HasScope("seller.order.info") || token.HasScope("seller.order") {
		t.Error("HasScope")
	}
	for user, want := range map[ttshop.UserType]string{ttshop.UserSeller: "seller", ttshop.UserCreator: "creator", ttshop.UserPartner: "partner", 7: "7"} {
		if got := user.String(); got != want {
			t.Errorf("UserType %d = %s, want %s", user, got, want)
		}
	}
}
