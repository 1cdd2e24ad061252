package affiliate

import (
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// NameCreator gives a creator of a market, who was invented, another name. The
// creators of a market are as many as ever: it is the first one that has no name
// of somebody's choice, those who can authorize apps excepted.
func NameCreator(w *world.World, market, username, nickname string, followers int64) error {
	all := creatorsOf(w)[market]
	for i, cr := range all {
		if cr.username == username {
			return fmt.Errorf("the market has a creator %q already", username)
		}
		if i > 0 && !cr.named {
			cr.username, cr.named = username, true
			if nickname != "" {
				cr.Nickname = nickname
			}
			if followers > 0 {
				cr.followers = followers
			}
			return nil
		}
	}
	return errors.New("the market has no more creators to name")
}
