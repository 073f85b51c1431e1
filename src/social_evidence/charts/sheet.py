"""The style rules of the marks: every class that a chart uses, and nothing else.

A page's style sheet holds them beside the colour tokens they name; a file of its own has them
inlined by `standalone`. Colours are tokens only, so that light, dark, forced colours and print
are the page's choice. Letters and the widths at which forms change are measured in the reader's own
size of text, so that both grow together; letters on maps in units of the map.
"""

from __future__ import annotations

from typing import Final

TEXT: Final = """\
.ch{display:block;width:100%;overflow:visible;font-family:var(--sans)}
.ch text{font-size:.875rem;fill:var(--ink);unicode-bidi:plaintext}
.ch .tk{font-size:.8125rem;fill:var(--ink-2)}
.ch .b{font-weight:600}
.ch .m{fill:var(--ink-2);font-weight:400}
.ch .e{text-anchor:end}
.ch .c{text-anchor:middle}
.ch .num{font-variant-numeric:tabular-nums lining-nums}
.ch .big{font-size:1.0625rem}
.ch .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.ch a text{fill:var(--link);text-decoration:underline}
.ch:not(.map) a .halo{stroke:none}
.ch.map a text{text-decoration:none}
"""
"""Text of a chart."""

MARKS: Final = """\
.gl{stroke:var(--hair);stroke-width:1}
.ax{stroke:var(--ink);stroke-width:1}
.iv{fill:var(--data-bar)}
.bp{fill:var(--data-band);stroke:var(--data-edge);stroke-width:1}
.ivp{fill:var(--past)}
.iv-o,.ivo{fill:var(--paper);stroke:var(--open);stroke-width:1.5}
.ivo{stroke:var(--ink)}
.iv-l{fill:var(--paper);stroke:var(--open);stroke-width:1.5;stroke-dasharray:3 2.5}
.pt{fill:var(--bead)}
.pt-o{fill:var(--ink)}
.ld{fill:var(--data)}
.lo{fill:var(--paper);stroke:var(--data);stroke-width:2}
.cb{fill:var(--city-band)}
.cl{stroke:var(--city);stroke-width:1.5}
.ck{stroke-width:3}
.bd{fill:var(--data-band)}
.be,.oe,.pe{fill:none;stroke:var(--data-edge);stroke-width:1;vector-effect:non-scaling-stroke}
.oe{stroke:var(--ink-2)}
.pe{stroke:var(--past);stroke-dasharray:2 2}
.ln,.ol,.pl{fill:none;stroke:var(--data);stroke-width:2.5;stroke-linejoin:round;\
vector-effect:non-scaling-stroke}
.ol{stroke:var(--ink);stroke-width:2}
.pl{stroke:var(--past);stroke-width:2}
.pb{fill:var(--past-band)}
.pd,.od{fill:var(--paper);stroke:var(--past);stroke-width:2}
.od{stroke:var(--ink)}
.rl{fill:none;stroke:var(--ink);stroke-width:1.25;stroke-dasharray:5 3;\
vector-effect:non-scaling-stroke}
.br{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:1 3;stroke-linecap:round}
.ht{stroke:var(--hatch);stroke-width:1.25}
.ar{stroke:var(--ink);stroke-width:1.25;fill:none}
.fl{stroke:var(--line);vector-effect:non-scaling-stroke}
.th{fill:none;stroke:var(--data-edge);stroke-width:3;stroke-linecap:round;stroke-linejoin:round;\
opacity:.55}
"""
"""Marks of every chart but maps."""

MAPS: Final = """\
.ch.map text{font-size:12px}
.ch.map .v{font-size:15.5px;font-weight:600;font-variant-numeric:tabular-nums}
.ch.map .vs,.ch.map .vt{font-size:13px;font-weight:600;font-variant-numeric:tabular-nums}
.ch.map .vt{font-size:11px}
@container (min-width:30rem){.ch.map text{font-size:10px}.ch.map .v{font-size:14px}\
.ch.map .vs{font-size:12.5px}\
.ch.map .vt{font-size:10.5px}}
.q1{fill:var(--seq-1)}.q2{fill:var(--seq-2)}.q3{fill:var(--seq-3)}.q4{fill:var(--seq-4)}\
.q5{fill:var(--seq-5)}
.qh{fill:var(--paper)}
.tile{stroke:var(--line);stroke-width:.75}
.tile.x{stroke:var(--ink);stroke-width:2.5}
.ch .o1,.ch .f1{fill:var(--on-1)}.ch .o2,.ch .f2{fill:var(--on-2)}.ch .o3,.ch .f3{fill:var(--on-3)}\
.ch .o4,.ch .f4{fill:var(--on-4)}.ch .o5,.ch .f5{fill:var(--on-5)}.ch .oh{fill:var(--ink)}
.s1{stroke:var(--on-1)}.s2{stroke:var(--on-2)}.s3{stroke:var(--on-3)}.s4{stroke:var(--on-4)}\
.s5{stroke:var(--on-5)}
.mi{stroke-width:3;stroke-linecap:round;stroke-opacity:.7}
.bo{stroke:var(--paper);stroke-width:1.25;stroke-linejoin:round}
.bo.q1,.bo.q2{stroke:var(--ink-2)}
.bo.q3{stroke:var(--edge-3)}
.bo.bh{stroke:var(--line)}
.bo.x{stroke:var(--ink);stroke-width:2.25}
"""
"""Marks of maps."""

PAGE: Final = """\
.map{max-width:34rem}
.mult li>h3{margin:0;flex-wrap:wrap}
.mult h3 span{white-space:nowrap}
@media (max-width:30rem){.bleed{margin-inline:-.75rem}}
.wide,.xw{display:none!important}
@container (min-width:34rem){.xw{display:inline!important}}
@container (min-width:42rem){.wide{display:block!important}.narrow{display:none!important}}
.ch a{outline-offset:0}
.ch a:hover .tile{stroke:var(--ink);stroke-width:2}
.ch a:focus-visible:has(.tile){outline:none;box-shadow:none}
.ch a:focus-visible .tile{stroke:var(--ink);stroke-width:4}
@media (forced-colors:active){
.iv-o,.iv-l,.ivo,.pd,.od,.lo,.tile,.bo{stroke:CanvasText}
.ch text{fill:CanvasText}
.ch a text{fill:LinkText}
}
"""
"""What only a page needs: which form it shows, and where the keyboard is."""

RULES: Final = TEXT + MARKS + MAPS + PAGE
"""All rules, for a page's style sheet; the page adds the colour tokens."""
