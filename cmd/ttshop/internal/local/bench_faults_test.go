package local

import (
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/soak"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for mix, want := range map[string]soak.Faults{
		"none":                       {},
		"heavy":                      soak.Heavy(),
		"throttled=10%":              {Throttled: 0.1},
		"cut=0.02, late=1 %":         {Cut: 0.02, Late: 0.01},
		"failing=5%,token-ttl=20s":   {Failing: 0.05, TokenTTL: 20 * time.Second},
		"skew=4m,skew-every=1500ms":  {Skew: 4 * time.Minute, SkewEvery: 1500 * time.Millisecond},
		"throttled=90%,failing=0.0%": {Throttled: 0.9},
	} {
		if got, err := parseFaults(mix); err != nil || got != want {
			t.Errorf("parseFaults(%q) = %+v, %v, want %+v", mix, got, err, want)
		}
	}
	for mix, want := range map[string]string{
		"":                        "use none, heavy",
		"lots":                    "use none, heavy",
		"cut":                     "use none, heavy",
		"cuts=5%":                 "use none, heavy",
		"cut=five":                "not a share of the calls",
		"cut=NaN":                 "not a share of the calls",
		"cut=-1%":                 "not a share of the calls",
		"cut=101%":                "not a share of the calls",
		"throttled=60%,cut=40%":   "100 % of the calls",
		"token-ttl=-1s":           "token-ttl",
		"token-ttl=20":            "token-ttl",
		"skew=4m":                 "need each other",
		"throttled=5%,,failing=1": "use none, heavy",
	} {
		if got, err := parseFaults(mix); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseFaults(%q) = %+v, %v, want %q", mix, got, err, want)
		}
	}
}
