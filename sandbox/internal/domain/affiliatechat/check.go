package affiliatechat

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks the conversations of a shop that was read from a snapshot.
func checkShop(s *world.Shop) error {
	b := Of(s)
	return keep.Placed("creator_chats", keep.First(
		keep.Placed("ids", b.IDs.Random.Whole()),
		keep.CheckIDs("chats", b.Chats, func(t **chat) string { return (*t).ID }),
		keep.CheckEach("chats", b.Chats, func(at **chat) error {
			t := *at
			if affiliate.CreatorBy(s.World, s.Region, t.Creator) == nil {
				return keep.Placed("creator", fmt.Errorf("the market has no creator %.40q", t.Creator))
			}
			if t.Read < 0 || t.Read > len(t.Messages) {
				return keep.Placed("read", fmt.Errorf("is %d of %d messages", t.Read, len(t.Messages)))
			}
			return keep.First(
				keep.CheckIDs("messages", t.Messages, func(m *message) string { return m.ID }),
				keep.CheckEach("messages", t.Messages, func(m *message) error {
					if !json.Valid([]byte(m.Content)) {
						return keep.Placed("content", errors.New("is not JSON"))
					}
					return keep.CheckID("index", m.Index)
				}),
			)
		}),
	))
}
