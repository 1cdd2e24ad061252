package ttshop_test

import (
	"encoding/json"
	"fmt"
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

func TestUnixText(t *testing.T) {
	t.Parallel()
	for text, want := range map[ttshop.UnixText]ttshop.UnixTime{"": 0, "0": 0, "1700000000": 1700000000, "-5": -5} {
		if got, err := text.Unix(); err != nil || got != want {
			t.Errorf("Unix of %q = %d, %v", text, got, err)
		}
		if at, err := text.Time(); err != nil || !at.Equal(want.Time()) {
			t.Errorf("Time of %q = %v, %v", text, at, err)
		}
	}
	for _, text := range []ttshop.UnixText{"soon", "1700000000.5", "2026-10-29", " 1", "99999999999999999999"} {
		if at, err := text.Time(); err == nil || !at.IsZero() {
			t.Errorf("Time of %q = %v", text, at)
		}
	}
	if ttshop.UnixTime(1700000000).Text() != "1700000000" || ttshop.UnixTime(0).Text() != "" {
		t.Error("Text")
	}
}

func TestUnixMilli(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 29, 12, 40, 7, 315_999_999, time.FixedZone("x", 7200))
	milli := ttshop.MilliOf(at)
	if !milli.Time().Equal(at.Truncate(time.Millisecond)) || milli.Time().Location() != time.UTC {
		t.Errorf("Time = %v", milli.Time())
	}
	if milli.Seconds() != ttshop.TimeOf(at) {
		t.Errorf("Seconds = %d", milli.Seconds())
	}
	if ttshop.MilliOf(time.Time{}) != 0 || !ttshop.UnixMilli(0).Time().IsZero() || ttshop.UnixMilli(0).Seconds() != 0 {
		t.Error("zero does not mean no time")
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	zone, err := ttshop.Zone("US")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 6, 59, 0, 0, time.UTC) // still October in California
	day := ttshop.DateOf(at.In(zone))
	if day != "2026-10-31" || ttshop.DateOf(at) != "2026-11-01" || ttshop.DateOf(time.Time{}) != "" {
		t.Errorf("DateOf = %s", day)
	}
	begin, err := day.Time(zone)
	if err != nil || !begin.Equal(time.Date(2026, 10, 31, 7, 0, 0, 0, time.UTC)) {
		t.Errorf("Time = %v, %v", begin, err)
	}
	// The day of the change of clocks has 25 hours.
	next, err := ttshop.Date("2026-11-01").AddDays(1)
	if err != nil || next != "2026-11-02" {
		t.Errorf("AddDays = %s, %v", next, err)
	}
	if same, err := ttshop.Date("2026_10_31").Time(zone); err != nil || !same.Equal(begin) {
		t.Errorf("with underscores: %v, %v", same, err)
	}
	if none, err := ttshop.Date("").Time(zone); err != nil || !none.IsZero() {
		t.Errorf("Time of none = %v, %v", none, err)
	}
	if none, err := ttshop.Date("").AddDays(1); err != nil || none != "" {
		t.Errorf("AddDays of none = %q, %v", none, err)
	}
	for _, text := range []ttshop.Date{"2026-13-01", "2026-02-29", "26-1-1", "2026-10-29T00:00:00Z", "yesterday", "2026-1-01"} {
		if got, err := text.Time(zone); err == nil {
			t.Errorf("Time of %q = %v", text, got)
		}
		if got, err := text.AddDays(1); err == nil {
			t.Errorf("AddDays of %q = %v", text, got)
		}
	}
}

// A day begins when its first hour begins, even where the clocks skip midnight.
func TestDateWithoutMidnight(t *testing.T) {
	t.Parallel()
	zone, err := ttshop.Zone("BR")
	if err != nil {
		t.Fatal(err)
	}
	begin, err := ttshop.Date("2018-11-04").Time(zone)
	if err != nil || ttshop.DateOf(begin) != "2018-11-04" || ttshop.DateOf(begin.Add(-time.Second)) != "2018-11-03" {
		t.Errorf("Time = %v, %v", begin, err)
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"BR", "DE", "ES", "FR", "GB", "ID", "IE", "IT", "JP", "MX", "MY", "PH", "SG", "TH", "US", "VN"} {
		if _, err := ttshop.Zone(region); err != nil {
			t.Error(err)
		}
	}
	if _, err := ttshop.Zone("XX"); err == nil {
		t.Error("a region that is none has a zone")
	}
}

func ExampleDate() {
	london, err := ttshop.Zone("GB")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC)
	today := ttshop.DateOf(now.In(london))
	tomorrow, err := today.AddDays(1) // as end_date_lt, which is not included
	fmt.Println(today, tomorrow, err)
	// Output: 2026-07-01 2026-07-02 <nil>
}
