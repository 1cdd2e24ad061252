package sandbox

import (
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// remindPeriod is how long before the end of a grant the platform begins to
// remind of it, once a day at midnight. Whose midnight that is, is not
// documented; here it is that of UTC.
const remindPeriod = 30 * 24 * 60 * 60

// expirationReminder is the data of type 7.
type expirationReminder struct {
	Message        string `json:"message"`
	ExpirationTime string `json:"expiration_time"` // other times are numbers
}

// remind tells the apps of the grants of sellers that will end. A clock that
// passes several midnights at once raises one reminder.
func (h *webhooks) remind(now time.Time) {
	due, next := ending(h.authority, now)
	for _, g := range due {
		for _, s := range g.shops {
			h.tell(g.app, subject{shop: s}, int(event.TypeUpcomingAuthorizationExpiration), expirationReminder{
				"The seller's authorization of the app for shop " + s.ID + " will end.", strconv.FormatInt(g.expires, 10),
			})
		}
	}
	h.world.wake(next)
}

// ending returns the grants of sellers whose reminder of today is due, notes
// that it is given, and tells when the next one will be; zero for never.
func ending(a *authority, now time.Time) (due []grant, next time.Time) {
	today := now.Unix() / secondsOfDay
	a.mu.Lock()
	defer a.mu.Unlock()
	var coming []int64
	for _, g := range a.grants {
		if g.revoked || g.userType != userSeller || g.expires <= now.Unix() {
			continue
		}
		if today*secondsOfDay >= g.expires-remindPeriod && g.reminded < today {
			g.reminded = today
			due = append(due, *g)
		}
		first := (g.expires - remindPeriod + secondsOfDay - 1) / secondsOfDay
		if day := max(first, today+1); day*secondsOfDay < g.expires {
			coming = append(coming, day*secondsOfDay)
		}
	}
	if len(coming) == 0 {
		return due, time.Time{}
	}
	return due, time.Unix(slices.Min(coming), 0)
}
