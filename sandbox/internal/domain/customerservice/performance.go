package customerservice

import (
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// getChatPerformance counts the conversations in which the buyer wrote during a
// range of days, those of UTC. How the platform counts is not documented: here
// a session is such a conversation, it is answered when the agent wrote after
// the buyer, and who rated with 4 or 5 is satisfied.
func getChatPerformance(c *gate.Call) *gate.Failure {
	var days [2]int64
	for i, name := range []string{"support_date_ge", "support_date_lt"} {
		value, _ := wire.Lookup(c.Query, name)
		at, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return gate.Fail(gate.CodeInvalidParameter, "'", name, "' must be a date such as 2026-03-01")
		}
		days[i] = at.Unix()
	}
	if days[0] >= days[1] {
		return gate.Fail(gate.CodeInvalidParameter, "'support_date_lt' must be after 'support_date_ge'")
	}
	var sessions, answered, waits, rated, satisfied int
	var waited int64
	for _, of := range Of(c.Shop).Conversations {
		asked, since, wrote := false, int64(0), false
		for i := range of.Messages {
			switch m := &of.Messages[i]; {
			case m.Role == chatRoleBuyer && m.Time >= days[0] && m.Time < days[1]:
				wrote = true
				if since == 0 {
					since = m.Time
				}
			case m.Role == chatRoleAgent && since > 0:
				waited += m.Time - since
				waits++
				since, asked = 0, true
			}
		}
		if !wrote {
			continue
		}
		sessions++
		if asked {
			answered++
		}
		if of.Rating > 0 {
			rated++
		}
		if of.Rating >= 4 {
			satisfied++
		}
	}
	share := func(part, of float64) string { return strconv.FormatFloat(part/max(of, 1), 'f', 2, 64) }
	type performance struct {
		Response     string `json:"response_percentage"`
		Minutes      string `json:"response_time_mins"`
		Satisfaction string `json:"satisfaction_percentage"`
		Sessions     int    `json:"support_session_count"`
	}
	c.JSON(struct {
		Performance performance `json:"performance"`
	}{performance{
		share(100*float64(answered), float64(sessions)), share(float64(waited)/60, float64(waits)),
		share(100*float64(satisfied), float64(rated)), sessions,
	}})
	return nil
}
