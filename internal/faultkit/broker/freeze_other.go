//go:build !unix

package broker

import (
	"errors"
	"os"
)

func freeze(*os.Process, bool) error { return errors.ErrUnsupported }
