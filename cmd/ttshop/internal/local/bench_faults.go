package local

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/internal/soak"
)

// faultNames are the parts of a mix of faults.
const faultNames = "throttled, failing, cut, late, token-ttl, skew and skew-every"

// parseFaults reads a mix of faults: none, heavy, or parts such as cut=2%.
func parseFaults(mix string) (soak.Faults, error) {
	switch mix {
	case "none":
		return soak.Faults{}, nil
	case "heavy":
		return soak.Heavy(), nil
	}
	var f soak.Faults
	shares := map[string]*float64{"throttled": &f.Throttled, "failing": &f.Failing, "cut": &f.Cut, "late": &f.Late}
	times := map[string]*time.Duration{"token-ttl": &f.TokenTTL, "skew": &f.Skew, "skew-every": &f.SkewEvery}
	for part := range strings.SplitSeq(mix, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		var err error
		switch share, length := shares[name], times[name]; {
		case !ok || share == nil && length == nil:
			return f, fmt.Errorf("%q: use none, heavy, or NAME=VALUE with the names %s", part, faultNames)
		case share != nil:
			*share, err = parseShare(value)
		default:
			*length, err = time.ParseDuration(value)
			if err == nil && *length <= 0 {
				err = fmt.Errorf("%s is not in the future; use a span such as 20s", value)
			}
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	if sum := f.Throttled + f.Failing + f.Cut + f.Late; sum > 0.9 {
		return f, fmt.Errorf("%.0f %% of the calls would fail; at most 90 %% may", 100*sum)
	}
	if (f.Skew == 0) != (f.SkewEvery == 0) {
		return f, fmt.Errorf("skew and skew-every need each other")
	}
	return f, nil
}

// parseShare reads a share: 5% or 0.05.
func parseShare(text string) (float64, error) {
	digits, percent := strings.CutSuffix(text, "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("%q is not a share of the calls; use, for example, 5%%", text)
	}
	return share, nil
}
