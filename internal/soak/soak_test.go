package soak_test

import (
	"os"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/soak"
)

// tries are more than the default where clocks go off every few seconds: that
// ends all tokens, faster than a source may refresh them.
const tries = 12

// unlearned is longer than any short run: what is throttled in it counts for
// nothing, since the client had no time to learn.
const unlearned = time.Hour

// check fails the test for every promise that was not kept.
func check(t *testing.T, config soak.Config) soak.Report {
	t.Helper()
	report, err := soak.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", report)
	for _, broken := range report.Broken() {
		t.Error(broken)
	}
	if after := report.Goroutines[1]; after > report.Goroutines[0]+2 {
		t.Errorf("%d goroutines are left of %d before", after, report.Goroutines[0])
	}
	return report
}

// TestSoak is short at a desk and runs for 30 s in CI.
func TestSoak(t *testing.T) {
	faults := soak.Heavy()
	faults.SkewEvery = 2 * time.Second // each swing ends all tokens too
	duration := 4 * time.Second
	if os.Getenv("CI") == "true" {
		faults.SkewEvery, duration = 5*time.Second, 30*time.Second
	}
	config := soak.Config{
		Shops: 8, Workers: 64, Duration: duration, Seed: 1, Faults: faults, Throttle: 50, Learning: unlearned,
		Retry: ttshop.RetryPolicy{Tries: tries, MinWait: 50 * time.Millisecond, MaxWait: time.Second},
	}
	report := check(t, config)
	if report.Expired == 0 || report.Refused == 0 || report.Tries <= report.Calls || report.Unknown == 0 {
		t.Error("nothing went wrong that the client had to correct")
	}
}

// The harness notices failures.
func TestSoakNoticesFailures(t *testing.T) {
	config := soak.Config{
		Workers: 16, Duration: time.Minute, Calls: 80, Seed: 2, Faults: soak.Faults{Throttled: 0.2, Failing: 0.2},
		Retry: ttshop.RetryPolicy{Tries: 1},
	}
	report, err := soak.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if report.LostReads == 0 || report.Spared == 0 || len(report.Broken()) == 0 || len(report.Errors) == 0 {
		t.Errorf("a client that does not retry passes: %v", report)
	}
}

func TestLongSoak(t *testing.T) {
	if os.Getenv("TTSHOP_LONG_TESTS") == "" {
		t.Skip("takes five minutes; set TTSHOP_LONG_TESTS=1")
	}
	config := soak.Config{
		Shops: 8, Workers: 64, Duration: 5 * time.Minute, Learning: 30 * time.Second, Seed: 3, Faults: soak.Heavy(), Calm: true,
	}
	report := check(t, config)
	if report.Throttled == report.Excess || report.CalmExcess == 0 {
		t.Error("the throttle was not reached, so that nothing is known of how the client learns it")
	}
	if growth := report.Growth(); growth > 4<<20 {
		t.Errorf("the heap grew by %d bytes beyond the products that the sandboxes keep", growth)
	}
}

// A sandbox that grants less than the platform documents is learned.
func TestLongSoakLearnsTheThrottle(t *testing.T) {
	if os.Getenv("TTSHOP_LONG_TESTS") == "" {
		t.Skip("takes two minutes; set TTSHOP_LONG_TESTS=1")
	}
	check(t, soak.Config{
		Shops: 3, Workers: 64, Duration: 2 * time.Minute, Learning: 30 * time.Second, Seed: 4,
	})
}

// A run ends with its last call, and shops are called no faster than asked.
func TestSoakIsBounded(t *testing.T) { // alone, since goroutines are counted
	report := check(t, soak.Config{Workers: 12, Duration: time.Hour, Calls: 60, Throttle: 50, Learning: unlearned, Seed: 5})
	if report.Calls != 60 || report.Reads+report.Writes != 60 {
		t.Errorf("%d calls, %d reads and %d writes, want 60 in all", report.Calls, report.Reads, report.Writes)
	}
	report = check(t, soak.Config{Shops: 2, Workers: 12, Duration: time.Second, Rate: 20, Throttle: 50, Learning: unlearned, Seed: 6})
	// Each shop begins with one call and goes on with 20 in a second.
	if most := int64(2 * (1 + 20*report.Elapsed.Seconds())); report.Calls > most {
		t.Errorf("%d calls of 2 shops in %v, want at most %d", report.Calls, report.Elapsed, most)
	}
}
