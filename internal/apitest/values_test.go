package apitest

import (
	"testing"

	"github.com/ttshop-go/ttshop/api/order"
)

// One official page misspells this value; programs must not compare with that.
func TestCancelledIsSpelledRight(t *testing.T) {
	t.Parallel()
	if order.StatusCancelled != "CANCELLED" {
		t.Errorf("StatusCancelled is %q", order.StatusCancelled)
	}
}
