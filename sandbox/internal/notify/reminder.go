package notify

import (
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
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
		for _, s := range g.Shops {
			h.Tell(g.App, Subject{Shop: s}, int(event.TypeUpcomingAuthorizationExpiration), expirationReminder{
				"The seller's authorization of the app for shop " + s.ID + " will end.", strconv.FormatInt(g.Expires, 10),
			})
		}
	}
	h.world.Wake(next)
}

// ending returns the grants of sellers whose reminder of today is due, notes
// that it is given, and tells when the next one will be; zero for never.
func ending(a *authority.Authority, now time.Time) (due []authority.Grant, next time.Time) {
	today := now.Unix() / invent.SecondsOfDay
	a.Mu.Lock()
	defer a.Mu.Unlock()
	var coming []int64
	for _, g := range a.Grants {
		if g.Revoked || g.UserType != authority.UserSeller || g.Expires <= now.Unix() {
			continue
		}
		if today*invent.SecondsOfDay >= g.Expires-remindPeriod && g.Reminded < today {
			g.Reminded = today
			due = append(due, *g)
		}
		first := (g.Expires - remindPeriod + invent.SecondsOfDay - 1) / invent.SecondsOfDay
		if day := max(first, today+1); day*invent.SecondsOfDay < g.Expires {
			coming = append(coming, day*invent.SecondsOfDay)
		}
	}
	if len(coming) == 0 {
		return due, time.Time{}
	}
	return due, time.Unix(slices.Min(coming), 0)
}
