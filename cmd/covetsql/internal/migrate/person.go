package migrate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/rename"
)

// person is who sits at the terminal and answers questions.
type person struct {
	show
	// lines is one for all questions, so that nothing that was typed ahead is lost between two.
	lines *bufio.Reader
	// nothing says what did not happen where an answer was not given: "nothing was written".
	nothing string
}

// meet gives the one who sits at both ends of the streams, nil where nobody does.
func meet(io *iostreams.Streams, nothing string) *person {
	terminal := func(stream any) bool {
		f, ok := stream.(interface{ Fd() uintptr })
		return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
	}
	if !terminal(io.In) || !terminal(io.Err) {
		return nil
	}
	return &person{show: show{io}, lines: bufio.NewReader(io.In), nothing: nothing}
}

// answer reads a line behind a question. A signal or the end of the input is none, and ends the run.
func (p *person) answer(ctx context.Context, question string, args ...any) (string, error) {
	fmt.Fprintf(p.io.Err, question+" ", args...)
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := p.lines.ReadString('\n')
		read <- line{text, err}
	}()
	var why string
	select {
	case l := <-read:
		if l.err == nil || l.err == io.EOF && strings.TrimSpace(l.text) != "" {
			return strings.TrimSpace(l.text), nil
		}
		if l.err != io.EOF {
			return "", fmt.Errorf("the question was not answered: %w", l.err)
		}
		why = "the question was not answered"
	case <-ctx.Done():
		why = "interrupted"
	}
	p.line("")
	return "", p.left(why)
}

// left is the error of a run that somebody ended instead of answering.
func (p *person) left(why string) error {
	return &factory.ExitError{Code: factory.Findings, Err: errors.New(why + "; " + p.nothing)}
}

// yes asks until it is told yes or no.
func (p *person) yes(ctx context.Context, question string, args ...any) (bool, error) {
	question += " [y/n]"
	for {
		text, err := p.answer(ctx, question, args...)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(text) {
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
		question, args = "  y or n:", nil
	}
}

// renamed puts the question of a rename.
func (p *person) renamed(ctx context.Context) func(rename.Candidate) (bool, error) {
	return func(c rename.Candidate) (bool, error) {
		p.line("%s was %v renamed? (%.0f %%)", p.colour("36;1", "question:"), plain(c.Rename, c.Schema), 100*c.P)
		for _, e := range c.Evidence {
			p.line("  %s", e)
		}
		return p.yes(ctx, "  yes: it is one, and keeps what is in it; no: the old one goes, a new one comes")
	}
}

// value asks for what rows have that are there. No answer takes what is proposed.
func (p *person) value(ctx context.Context) func(plan.Question) (string, error) {
	return func(q plan.Question) (string, error) {
		p.line("%s %s", p.colour("36;1", "question:"), q.Text)
		for {
			ask := "  an SQL expression, such as 0 or 'none':"
			if q.Suggested != "" {
				ask = "  an SQL expression, or Enter for " + strings.ReplaceAll(q.Suggested, "%", "%%") + ":"
			}
			text, err := p.answer(ctx, ask)
			if err != nil {
				return "", err
			}
			if text == "" {
				text = q.Suggested
			}
			if text != "" {
				return text, nil
			}
		}
	}
}

// loss asks whether what is lost may be lost.
func (p *person) loss(ctx context.Context) func([]plan.Loss) (bool, error) {
	return func(lost []plan.Loss) (bool, error) {
		for _, l := range lost {
			p.line("%s %v: %s", p.colour("31;1", "lost:"), l.Object, l.What)
		}
		return p.yes(ctx, "  the migration loses that for good. Go on?")
	}
}
