# bash completion for infomat
_infomat() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
	case $before in
	--config | --answer | --bundle | --out)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	--walk | --report)
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return
		;;
	--age)
		mapfile -t COMPREPLY < <(compgen -W "CHILD TEEN ADULT" -- "$word")
		return
		;;
	--lang)
		mapfile -t COMPREPLY < <(compgen -W "ru en" -- "$word")
		return
		;;
	esac
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(
			compgen -W "run demo reserve ticket journal config diag idle pin setup --help --version" -- "$word"
		)
		return
	fi
	if [[ $command == config && $COMP_CWORD -eq 2 ]]; then
		mapfile -t COMPREPLY < <(compgen -W "check init" -- "$word")
		return
	fi
	if [[ $word == -* ]]; then
		local flags
		flags=$("$1" "$command" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u)
		mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -o filenames -F _infomat infomat
