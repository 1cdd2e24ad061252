package wire

import "testing"

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, secret, want string }{
		{"it does not belong to t", "t", "it does not belong to *"},
		{"t", "t", "*"},
		{"token=abc&x=abcd", "abc", "token=*&x=abcd"},
		{"étét ét", "ét", "étét *"},
		{"xTTP_0123456789y", "TTP_0123456789", "x*y"},
		{"nothing", "", "nothing"},
		{"nothing", "other-secret", "nothing"},
	} {
		if got := Mask(c.text, c.secret, "*"); got != c.want {
			t.Errorf("Mask(%q, %q) = %q, want %q", c.text, c.secret, got, c.want)
		}
	}
}
