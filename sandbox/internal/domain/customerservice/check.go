package customerservice

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks the conversations of a shop that was read from a snapshot.
func checkShop(s *world.Shop) error {
	d := Of(s)
	return keep.Placed("desk", keep.First(
		keep.CheckIDs("conversations", d.Conversations, func(c **conversation) string { return (*c).ID }),
		keep.CheckEach("conversations", d.Conversations, func(at **conversation) error {
			c := *at
			if trade.Of(s).Buyer(c.Buyer) == nil {
				return keep.Placed("buyer", fmt.Errorf("the shop has no buyer %.40q", c.Buyer))
			}
			if c.Read < 0 || c.Read > len(c.Messages) {
				return keep.Placed("read", fmt.Errorf("is %d of %d messages", c.Read, len(c.Messages)))
			}
			return keep.First(
				keep.CheckIDs("messages", c.Messages, func(m *chatMessage) string { return m.ID }),
				keep.CheckEach("messages", c.Messages, func(m *chatMessage) error {
					if !json.Valid([]byte(m.Content)) {
						return keep.Placed("content", errors.New("is not JSON"))
					}
					return keep.First(
						keep.CheckID("index", m.Index),
						keep.CheckOneOf("role", m.Role, chatRoleBuyer, chatRoleShop, chatRoleAgent, chatRoleSystem, chatRoleRobot),
					)
				}),
			)
		}),
	))
}
