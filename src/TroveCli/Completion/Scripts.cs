namespace Dbaas.TroveCli.Completion;

/// <summary>The scripts for shells. They ask the program that is being typed, so that they need not change with it.</summary>
internal static class Scripts
{
    public const string Bash = """
        # Completion of trove in bash.
        _trove() {
          local word
          COMPREPLY=()
          while IFS=$'\t' read -r word _; do
            COMPREPLY+=("$word")
          done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        # Where nothing is known, file names.
        complete -o bashdefault -o default -F _trove trove
        """;

    public const string Zsh = """
        # Completion of trove in zsh; behind `autoload -U compinit && compinit`.
        _trove() {
          local word line
          local -a found
          while IFS=$'\t' read -r word line; do
            found+=("${word//:/\\:}:$line")
          done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
          if (( ${#found} )); then
            _describe trove found
          else
            _files
          fi
        }
        compdef _trove trove
        """;
}
