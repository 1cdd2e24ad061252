// Package env makes the client that all examples use from the environment
// variables of the command: TTSHOP_APP_KEY, TTSHOP_APP_SECRET,
// TTSHOP_ACCESS_TOKEN, TTSHOP_SHOP_CIPHER and, for a sandbox, TTSHOP_ENDPOINT.
package env

import (
	"fmt"
	"os"

	"github.com/ttshop-go/ttshop"
)

// Shop returns a client bound to the shop that the environment names.
func Shop() (*ttshop.Client, error) {
	values := map[string]string{}
	for _, name := range []string{"TTSHOP_APP_KEY", "TTSHOP_APP_SECRET", "TTSHOP_ACCESS_TOKEN", "TTSHOP_SHOP_CIPHER"} {
		if values[name] = os.Getenv(name); values[name] == "" {
			return nil, fmt.Errorf("environment variable %s is not set", name)
		}
	}
	options := []ttshop.Option{ttshop.WithTokenSource(ttshop.StaticToken(values["TTSHOP_ACCESS_TOKEN"]))}
	if endpoint := os.Getenv("TTSHOP_ENDPOINT"); endpoint != "" {
		options = append(options, ttshop.WithEndpoint(endpoint))
	}
	client := ttshop.New(values["TTSHOP_APP_KEY"], values["TTSHOP_APP_SECRET"], options...)
	return client.Shop(values["TTSHOP_SHOP_CIPHER"]), nil
}
