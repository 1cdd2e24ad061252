package ttshop

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// UnixTime is a point in time as the platform writes it: seconds since 1970.
// Zero means no time.
type UnixTime int64

// TimeOf returns t in the platform's form, truncated to the second; the zero time
// becomes 0.
func TimeOf(t time.Time) UnixTime {
	if t.IsZero() {
		return 0
	}
	return UnixTime(t.Unix())
}

// Time returns the time, in UTC, or the zero time for 0.
func (t UnixTime) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.Unix(int64(t), 0).UTC()
}

// Text returns the time in the form of fields that take it as text.
func (t UnixTime) Text() UnixText {
	if t == 0 {
		return ""
	}
	return UnixText(strconv.FormatInt(int64(t), 10))
}

// UnixText is a point in time that the platform writes as text: "1700000000" is
// so many seconds after 1970. Empty and "0" mean no time.
type UnixText string

// Unix returns the time in seconds since 1970, or an error if the text is no
// number.
func (t UnixText) Unix() (UnixTime, error) {
	if t == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("ttshop: %.40q is not a time in seconds", string(t))
	}
	return UnixTime(seconds), nil
}

// Time returns the time, in UTC, the zero time if there is none, or an error if
// the text is not a number.
func (t UnixText) Time() (time.Time, error) {
	seconds, err := t.Unix()
	return seconds.Time(), err
}

// UnixMilli is a point in time in milliseconds since 1970, as a few fields have
// it. Zero means no time.
type UnixMilli int64

// MilliOf returns t in milliseconds, truncated; the zero time becomes 0.
func MilliOf(t time.Time) UnixMilli {
	if t.IsZero() {
		return 0
	}
	return UnixMilli(t.UnixMilli())
}

// Time returns the time, in UTC, or the zero time for 0.
func (t UnixMilli) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(t)).UTC()
}

// Seconds returns the time in seconds, truncated.
func (t UnixMilli) Seconds() UnixTime { return TimeOf(t.Time()) }

// Date is a day as the platform writes it, such as 2026-10-29. It is a day in the
// time zone of the shop unless its field says otherwise, and whether the last
// day of a period belongs to it is for its field to say too. Empty means none. Days
// of one form sort as text.
type Date string

// DateOf returns the day of t in t's own location: t.In(zone) moves it to a
// shop's. The zero time becomes an empty date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// Time returns the beginning of the day in a time zone, the zero time if the date
// is empty, or an error if it is no day. A few fields write 2026_10_29, which it
// takes as well.
func (d Date) Time(zone *time.Location) (time.Time, error) {
	if d == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, strings.ReplaceAll(string(d), "_", "-"))
	if err != nil {
		return time.Time{}, fmt.Errorf("ttshop: %.40q is not a day", string(d))
	}
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	if t.Day() != day.Day() { // the clocks went forward at midnight
		t = t.Add(time.Hour)
	}
	return t, nil
}

// AddDays returns the day that is n days later, or an error if d is no day. An
// empty date stays empty.
func (d Date) AddDays(n int) (Date, error) {
	t, err := d.Time(time.UTC)
	if err != nil || d == "" {
		return "", err
	}
	return DateOf(t.AddDate(0, 0, n)), nil
}

// zones has the time zone of each market. All are inferred, since the platform
// names none; in the US it is the seller's own, often this one.
var zones = map[string]string{
	"BR": "America/Sao_Paulo", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "FR": "Europe/Paris", "GB": "Europe/London",
	"ID": "Asia/Jakarta", "IE": "Europe/Dublin", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "MX": "America/Mexico_City",
	"MY": "Asia/Kuala_Lumpur", "PH": "Asia/Manila", "SG": "Asia/Singapore", "TH": "Asia/Bangkok", "US": "America/Los_Angeles",
	"VN": "Asia/Ho_Chi_Minh",
}

// Zone returns the time zone that shops of a region such as GB most likely report
// in. The platform does not document it, and sellers in the US have different ones:
// compare the figures of a day with Seller Center once.
func Zone(region string) (*time.Location, error) {
	name, ok := zones[region]
	if !ok {
		return nil, fmt.Errorf("ttshop: the time zone of region %.10q is not known", region)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("ttshop: time zone of region %s: %w", region, err)
	}
	return zone, nil
}
