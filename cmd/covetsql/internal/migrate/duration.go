package migrate

import (
	"fmt"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"
)

// duration is a flag's length of time. A number alone counts seconds.
type duration struct{ to *time.Duration }

func durationFlag(name string, to *time.Duration, value time.Duration, usage string) cli.Flag {
	*to = value
	return &cli.GenericFlag{Name: name, Value: duration{to}, Usage: usage, DefaultText: defaultText(value)}
}

func defaultText(d time.Duration) string {
	if d == 0 {
		return "" // the usage says it
	}
	return d.String()
}

// Set reads it.
func (d duration) Set(text string) error {
	v, err := time.ParseDuration(text)
	if seconds, e := strconv.ParseFloat(text, 64); e == nil && seconds >= 0 && seconds < 1e9 {
		v, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no length of time; write 3s, 500ms or 2m, or a number of seconds", text)
	}
	*d.to = v
	return nil
}

func (d duration) String() string {
	if d.to == nil || *d.to == 0 {
		return ""
	}
	return d.to.String()
}
