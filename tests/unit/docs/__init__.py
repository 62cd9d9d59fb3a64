"""The pages, held against the program. Each fenced block says in an HTML comment before it what it is:

    <!-- program NAME -->           Python: equals tests/typing/programs/NAME.py, which is typed and run on mocks
    <!-- part of program NAME -->   Python: stands in that file, which may set up before it what the page leaves out
    <!-- file NAME -->              a file of whoever reads the page: read by what its name says, there for later blocks
    <!-- arguments -->              YAML: read as arguments of LiveKitFirewall
    <!-- output -->                 what the last command before it prints; … stands for anything
    <!-- output of COMMAND -->      the same, of a command that the page does not show
    <!-- tested by PATH -->         another test executes or compares it; that file names the page
    <!-- written by PATH -->        `make docs` writes it, and `make check` compares; that file names the page
    <!-- not run: REASON -->        why nothing can

Blocks of commands (sh, console) need no mark: they run, page by page, from top to bottom, in a folder as a reader has
it. What needs an account, a server or minutes has a stand-in there (shell.py). `not_run.txt` lists each block with a
stand-in and each that is not run, so that none is added in silence.
"""
