package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func (p *program) sbomCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sbom [FILE]", Short: "Print the modules in this program, or in a binary of it, as CycloneDX JSON", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			info, err := built(args)
			if err != nil {
				return err
			}
			e := json.NewEncoder(p.out)
			e.SetIndent("", "  ")
			return e.Encode(billOf(info))
		},
	}
}

// built is what a binary says of how it was built; without arguments, this one.
func built(args []string) (*debug.BuildInfo, error) {
	file, err := os.Executable()
	if len(args) > 0 {
		file = args[0]
	}
	if err != nil {
		return nil, err
	}
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: fmt.Errorf("%s is no binary of a Go program: %w", file, errors.Unwrap(err))}
	}
	return info, nil
}

// The parts of a CycloneDX 1.5 document (ECMA-424) that are known of a Go binary.
type (
	bill struct {
		Format     string      `json:"bomFormat"`
		Version    string      `json:"specVersion"`
		Serial     int         `json:"version"`
		Metadata   metadata    `json:"metadata"`
		Components []component `json:"components"`
	}
	metadata struct {
		Component component `json:"component"`
	}
	component struct {
		Type       string     `json:"type"`
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		Package    string     `json:"purl"`
		Properties []property `json:"properties,omitempty"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// billOf lists the modules and the compiler's version. It has no date and no random number,
// so that two builds of one commit have the same.
func billOf(info *debug.BuildInfo) bill {
	b := bill{Format: "CycloneDX", Version: "1.5", Serial: 1, Metadata: metadata{module(&info.Main, "application")}}
	b.Components = append(b.Components, component{
		Type: "library", Name: "std", Version: strings.TrimPrefix(info.GoVersion, "go"), Package: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		b.Components = append(b.Components, module(m, "library"))
	}
	return b
}

func module(m *debug.Module, kind string) component {
	c := component{Type: kind, Name: m.Path, Version: m.Version, Package: "pkg:golang/" + m.Path + "@" + m.Version}
	if m.Sum != "" {
		// go.sum's hash is of the module's files and not of one file, so it is no "hash"
		// in the sense of CycloneDX.
		c.Properties = []property{{"go:sum", m.Sum}}
	}
	return c
}
