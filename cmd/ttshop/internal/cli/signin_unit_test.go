package cli

import (
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func TestDoctorClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for skew, want := range map[time.Duration]string{
		0: checkOK, -50 * time.Second: checkOK, 8 * time.Second: checkOK,
		15 * time.Second: checkWarning, -2 * time.Minute: checkWarning,
		40 * time.Second: checkFailed, -6 * time.Minute: checkFailed, 26 * time.Hour: checkFailed,
	} {
		d := &doctor{sys: platform.NewSession(&console.System{Now: func() time.Time { return now.Add(skew) }}), say: func(finding) {}}
		d.clock(now, 0)
		if got := d.findings[0]; got.Status != want || (got.Fix == "") != (want == checkOK) {
			t.Errorf("%v: %+v, want %s", skew, got, want)
		}
	}
	d := &doctor{sys: platform.NewSession(&console.System{Now: time.Now}), say: func(finding) {}}
	d.clock(time.Time{}, 0)
	if d.findings[0].Status != checkSkipped {
		t.Errorf("no date: %+v", d.findings)
	}
}
