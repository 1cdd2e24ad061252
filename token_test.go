package ttshop_test

import (
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
)

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
